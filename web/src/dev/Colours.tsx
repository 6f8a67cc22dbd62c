import styled from "styled-components";
import { color, font, size } from "../ui/tokens.ts";
import { Grid, Shown } from "./Shown.tsx";

const Swatch = styled.i`inline-size: 28px; block-size: 28px; border-radius: 6px; flex: none; border: 1px solid ${color.line};`;

export function Colours() {
  return (
    <>
      <Grid>
        {Object.entries(color).map(([name, value]) => (
          <span key={name}>
            <Swatch style={name === "shadow" ? { boxShadow: value } : { background: value }} />
            {name}
          </span>
        ))}
      </Grid>
      <Shown as="Sizes">
        {Object.entries(size).map(([name, value]) => (
          <span key={name} style={{ fontSize: value }}>
            {name} {value}
          </span>
        ))}
      </Shown>
      <Shown as="Weights">
        {[400, 500, 600].map((weight) => (
          <span key={weight} style={{ fontWeight: weight }}>
            0123456789 in {weight}
          </span>
        ))}
      </Shown>
      <Shown as="Mono">
        <span style={{ fontFamily: font.mono }}>pg_dump app | gzip &gt; app.sql.gz</span>
      </Shown>
    </>
  );
}
