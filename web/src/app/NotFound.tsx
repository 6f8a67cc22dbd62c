import { useLocation } from "react-router";
import { ButtonLink } from "../ui/Button.tsx";
import { Mono } from "../ui/misc.tsx";
import { Notice } from "../ui/Panel.tsx";

export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Notice
      title="There is nothing here"
      actions={
        <ButtonLink look="primary" to="/tasks">
          All tasks
        </ButtonLink>
      }
    >
      <p>
        No part of the page has the address <Mono>{pathname}</Mono>.
      </p>
    </Notice>
  );
}
