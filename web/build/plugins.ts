import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { variables } from "../src/ui/tokens.ts";

const PACKED = /\.(js|css|svg)$/;

/** The colours of both themes stand in the document itself, so that the first paint has them. */
export function tokensInHead(): Plugin {
  return {
    name: "tokens-in-head",
    transformIndexHtml: {
      order: "pre",
      handler: () => [{ tag: "style", attrs: { nonce: "__CSP_NONCE__" }, children: variables(), injectTo: "head" }],
    },
  };
}

/** The one font that every page needs begins to load with the document, so that text does not jump. */
export function fontInHead(): Plugin {
  return {
    name: "font-in-head",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal-[^/]*\.woff2$/.test(name));
        if (!font) return [];
        const attrs = { rel: "preload", as: "font", type: "font/woff2", href: `./${font}`, crossorigin: true };
        return [{ tag: "link", attrs, injectTo: "head" as const }];
      },
    },
  };
}

/** In development nobody fills the places in that the server fills in. */
export function filledIn(): Plugin {
  return {
    name: "filled-in",
    apply: "serve",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html
          .replaceAll("__BASE__", "/")
          .replaceAll("__THEME__", "system")
          .replaceAll("__SESSION__", "maybe")
          .replaceAll(/ nonce="__CSP_NONCE__"/g, ""),
    },
  };
}

const DOCUMENT = join(import.meta.dirname, "../index.html");
const ENTRY = "/src/app/main.tsx";

/** In development `/dev/ui` is a page of its own with every part of the page on it. */
export function partsPage(): Plugin {
  return {
    name: "parts-page",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/dev/ui", (request, response, next) => {
        const html = readFileSync(DOCUMENT, "utf8").replace(ENTRY, "/src/dev/main.tsx");
        server
          .transformIndexHtml("/dev/ui", html, request.originalUrl)
          .then((page) => response.setHeader("Content-Type", "text/html").end(page))
          .catch(next);
      });
    },
  };
}

/** Compressed once here instead of at every request. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle: { order: "post", handler: compressAll },
  };
}

function compressAll(): void {
  const folder = join(import.meta.dirname, "../../src/horarium/web/assets");
  for (const name of readdirSync(folder)) {
    if (!PACKED.test(name)) continue;
    const file = join(folder, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}
