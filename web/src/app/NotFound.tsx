import { useLocation } from "react-router";
import { ButtonLink } from "../ui/Button.tsx";
import { Search } from "../ui/icons.ts";
import { Mono } from "../ui/misc.tsx";
import { Notice } from "../ui/Panel.tsx";

export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Notice
      icon={<Search size={24} strokeWidth={1.5} />}
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
