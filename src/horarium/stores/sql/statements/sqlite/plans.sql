-- name: due
-- Oldest first, so that a backlog cannot starve the task that has waited longest. Everything a plan needs in one row.
SELECT {tasks}, {cursors}, runs.state = 'running', {skips}
FROM cursors
JOIN tasks ON tasks.id = cursors.task_id
LEFT JOIN runs ON runs.id = cursors.holder
LEFT JOIN skips ON skips.id = cursors.open_skip
WHERE cursors.next_due_at <= :now
ORDER BY cursors.next_due_at, cursors.task_id
LIMIT :limit;

-- name: next_due_at
SELECT min(next_due_at) FROM cursors WHERE next_due_at IS NOT NULL;

-- name: due_between
-- Counted up to a limit: beyond it nobody asks how many more there are.
SELECT count(*) FROM (SELECT 1 FROM cursors WHERE next_due_at >= :since AND next_due_at < :before LIMIT :limit);

-- name: cursor
SELECT {cursors}, runs.state = 'running', {skips}
FROM cursors
LEFT JOIN runs ON runs.id = cursors.holder
LEFT JOIN skips ON skips.id = cursors.open_skip
WHERE cursors.task_id = :task_id;

-- name: move_cursor
-- The version is the verdict. What the janitor moves (kept_from, forgotten) and what endings note is not touched.
UPDATE cursors SET
    version = :version, task_revision = :task_revision, seen_through = :seen_through, next_due_at = :next_due_at,
    decided = :decided, since_edit = :since_edit, holder = :holder, behind = :behind, open_skip = :open_skip, tzdata = :tzdata,
    overrides = :overrides
WHERE task_id = :task_id AND version = :was;

-- name: stop_deciding
-- A task that cannot be read: nothing is due until somebody mends it.
UPDATE cursors SET next_due_at = NULL, version = version + 1 WHERE task_id = :task_id AND next_due_at IS NOT NULL;

-- name: add_run
-- Plain: the same occurrence twice is a primary-key conflict and fails its plan loudly.
-- What is null or zero at birth is not asked for: binding it would cost more than storing it.
INSERT INTO runs (
    id, task_id, task_revision, cause, due_at, ready_at, expected_at, pool, priority, needs_process, tzdata, state, is_behind,
    attempt, fence, worker_id, first_started_at, started_at, retry_of, created_by, spent, lost
) VALUES (
    :id, :task_id, :task_revision, :cause, :due_at, :ready_at, :expected_at, :pool, :priority, :needs_process, :tzdata, :state,
    :is_behind, :attempt, :fence, :worker_id, :started_at, :started_at, :retry_of, :created_by, 0, 0
);

-- name: put_skip
-- The first skip of a plan may be the cursor's open one, grown.
INSERT INTO skips VALUES ({:skips})
ON CONFLICT (id) DO UPDATE SET last_due_at = excluded.last_due_at, count = excluded.count, decided_at = excluded.decided_at;

-- name: run
SELECT {runs} FROM runs WHERE id = :id;

-- name: run_state
SELECT state FROM runs WHERE id = :id;

-- name: open_runs
SELECT {runs} FROM runs WHERE task_id = :task_id AND state IN ('waiting', 'running') ORDER BY id;

-- name: first_behind
SELECT {runs} FROM runs WHERE task_id = :task_id AND state IN ('waiting', 'running') AND is_behind = 1 ORDER BY id LIMIT 1;

-- name: change_run
-- What an edit, a cancellation or a release changes about an open run.
UPDATE runs SET
    task_revision = :task_revision, pool = :pool, priority = :priority, needs_process = :needs_process, ready_at = :ready_at,
    is_behind = :is_behind, state = :state, reason = :reason, cancel_reason = :cancel_reason, ended_at = :ended_at
WHERE id = :id AND fence = :fence AND state IN ('waiting', 'running');
