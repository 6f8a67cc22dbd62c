import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressed, filledIn, fontInHead, partsPage, tokensInHead } from "./build/plugins.ts";

const api = process.env.HORARIUM_URL ?? "http://127.0.0.1:8787";

export default defineConfig({
  // Relative, so that the page works below any prefix; <base href> is filled in by the server.
  base: "./",
  html: { cspNonce: "__CSP_NONCE__" },
  plugins: [react(), tokensInHead(), fontInHead(), filledIn(), partsPage(), compressed()],
  build: {
    outDir: "../src/horarium/web",
    emptyOutDir: true,
    target: "baseline-widely-available",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rollupOptions: {
      input: { index: "index.html", docs: "docs.html" },
      output: {
        codeSplitting: {
          // What is needed at once comes as one file: two dozen small ones compress worse, and each is a question of its own.
          groups: [{ name: "page", tags: ["$initial"], test: (id) => !/\bdocs\b|swagger-ui/.test(id) }],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    strictPort: true,
    proxy: { "/api": { target: api, changeOrigin: false }, "/health": api },
  },
});
