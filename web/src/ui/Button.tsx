import { type AnchorHTMLAttributes, type ButtonHTMLAttributes, forwardRef } from "react";
import { Link, type LinkProps } from "react-router";
import styled, { css } from "styled-components";
import { color, media, radius, size } from "./tokens.ts";

type Look = "primary" | "plain" | "ghost" | "danger";

const base = css`
  display: inline-flex; align-items: center; justify-content: center; gap: 6px;
  block-size: 32px; padding-inline: 12px; border-radius: ${radius}; border: 1px solid transparent;
  font-size: ${size.small}; font-weight: 500; line-height: 1; white-space: nowrap; user-select: none;
  /* Only under the pointer: what has just become possible is seen as that at once. */
  &:hover { transition: background-color 120ms, border-color 120ms; }
  ${media.phone} { block-size: 44px; }

  &[data-look="primary"] { background: ${color.accent}; color: ${color.onAccent}; }
  &[data-look="primary"]:hover { background: ${color.accentHover}; }
  &[data-look="plain"] { background: ${color.ground}; border-color: ${color.line}; color: ${color.text}; }
  &[data-look="plain"]:hover { background: ${color.hover}; }
  &[data-look="ghost"] { color: ${color.textSoft}; padding-inline: 8px; }
  &[data-look="ghost"]:hover { background: ${color.hover}; color: ${color.text}; }
  &[data-look="danger"] { border-color: ${color.failed}; color: ${color.failedText}; background: ${color.ground}; }
  &[data-look="danger"]:hover { background: ${color.failedSoft}; }
  &:disabled, &[aria-disabled="true"] { opacity: 0.6; pointer-events: none; }
  &[data-look="primary"]:is(:disabled, [aria-disabled="true"]) { background: ${color.hover}; border-color: ${color.line}; color: ${color.textFaint}; opacity: 1; }
`;

const Plain = styled.button`${base}`;
const Linked = styled(Link)`${base}`;
const Anchor = styled.a`${base}`;

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look };

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button({ look = "plain", ...rest }, ref) {
  return <Plain ref={ref} type="button" data-look={look} {...rest} />;
});

export function ButtonLink({ look = "plain", ...rest }: LinkProps & { look?: Look }) {
  return <Linked data-look={look} {...rest} />;
}

export function ButtonAnchor({ look = "plain", ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { look?: Look }) {
  return <Anchor data-look={look} {...rest} />;
}

const Square = styled.button`
  display: inline-grid; place-items: center; inline-size: 28px; block-size: 28px; border-radius: ${radius};
  color: ${color.textSoft}; transition: background-color 120ms;
  &:hover, &[data-state="open"] { background: ${color.hover}; color: ${color.text}; }
  &:disabled, &[aria-disabled="true"] { opacity: 0.55; pointer-events: none; }
  ${media.phone} { inline-size: 44px; block-size: 44px; }
`;

type IconButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { label: string };

/** Its label is its tooltip too. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton({ label, ...rest }, ref) {
  return <Square ref={ref} type="button" aria-label={label} title={label} {...rest} />;
});
