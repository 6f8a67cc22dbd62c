import { defineConfig } from "orval";

// Thin axios functions and their types from the API's own description. `sh scripts/web_api.sh` calls this.
export default defineConfig({
  horarium: {
    input: { target: process.env.OPENAPI ?? "openapi.json" },
    output: {
      target: process.env.API_OUTPUT ?? "src/api/horarium.ts",
      schemas: undefined,
      client: "axios-functions",
      mode: "split",
      clean: false,
      override: {
        mutator: { path: "src/lib/http.ts", name: "http" },
        useTypeOverInterfaces: true,
        enumGenerationType: "union",
      },
    },
  },
});
