import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
    // Patience, not a judgement: a machine at work on other things draws a whole page slowly.
    testTimeout: 60_000,
  },
});
