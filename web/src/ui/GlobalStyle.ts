import { createGlobalStyle } from "styled-components";
import { color, font, radius, size } from "./tokens.ts";

export const GlobalStyle = createGlobalStyle`
  *, *::before, *::after { box-sizing: border-box; }
  html { block-size: 100%; -webkit-text-size-adjust: 100%; }
  body {
    block-size: 100%; margin: 0; background: ${color.ground}; color: ${color.text};
    font: 400 ${size.body}/20px ${font.sans}; font-feature-settings: "cv05";
    -webkit-font-smoothing: antialiased; text-rendering: optimizeLegibility;
  }
  /* Only where figures stand below each other or count: in a sentence they would stand apart, and hyphens with them. */
  time, [role="status"] { font-variant-numeric: tabular-nums; }
  #root { block-size: 100%; }
  h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  h1, h2, h3 { font-weight: 600; text-wrap: balance; }
  ul, ol { list-style: none; }
  a { color: inherit; text-decoration: none; }
  button, input, select, textarea { font: inherit; color: inherit; }
  select {
    appearance: none; text-overflow: ellipsis;
    background: linear-gradient(45deg, transparent 50%, ${color.textFaint} 50%) calc(100% - 15px) 50% / 5px 4px no-repeat,
      linear-gradient(-45deg, transparent 50%, ${color.textFaint} 50%) calc(100% - 10px) 50% / 5px 4px no-repeat;
  }
  button { background: none; border: 0; padding: 0; cursor: pointer; }
  button:disabled { cursor: default; }
  code, pre, kbd { font-family: ${font.mono}; font-size: 0.93em; }
  svg { display: block; flex: none; }
  :focus { outline: none; }
  :focus-visible { outline: 2px solid ${color.focus}; outline-offset: 1px; border-radius: ${radius}; }
  ::selection { background: ${color.accentSoft}; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important;
      transition: none !important; scroll-behavior: auto !important; }
  }
`;
