import styled from "styled-components";
import { ButtonLink } from "../ui/Button.tsx";
import { Bar, Failure, Notice, useSlow } from "../ui/Panel.tsx";
import { media } from "../ui/tokens.ts";
import { refusalOf } from "../lib/http.ts";
import { useLive } from "./context/live.tsx";
import { useTask } from "./context/queries.ts";
import { History } from "./modal/History.tsx";
import { taskZone } from "./wording.ts";

const Page = styled.section`
  flex: 1; min-block-size: 0; overflow: auto; padding: 20px 24px 48px;
  & > * { max-inline-size: 900px; }
  ${media.phone} { padding: 12px 16px 32px; }
`;

/** All that was ever saved of a task, with what each time changed. */
export function HistoryOfTask({ id }: { id: string }) {
  const task = useTask(id);
  const { serverZone } = useLive();
  const slow = useSlow(task.isPending);
  const { status } = refusalOf(task.error) ?? {};
  if (task.data) {
    return (
      <Page aria-label="History">
        <title>{`${task.data.name}, history · Horarium`}</title>
        <History task={task.data} zone={taskZone(task.data, serverZone)} />
      </Page>
    );
  }
  if (status === 404 || status === 422)
    return <Notice title="There is no such task" actions={<ButtonLink to="/tasks">All tasks</ButtonLink>} />;
  if (task.error) return <Failure what="The task" error={task.error} onRetry={() => void task.refetch()} />;
  return slow ? (
    <Page aria-hidden="true">
      <Bar style={{ inlineSize: "60%" }} />
    </Page>
  ) : null;
}
