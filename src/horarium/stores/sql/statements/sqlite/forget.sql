-- name: kept_tasks
-- Tombstones included, in the order of their ids: the janitor's round.
SELECT tasks.id, tasks.policy, tasks.deleted_at, cursors.seen_through
FROM tasks LEFT JOIN cursors ON cursors.task_id = tasks.id
WHERE tasks.id > :after ORDER BY tasks.id LIMIT :limit;

-- name: first_beyond
-- The newest run that is one too many.
SELECT id FROM runs WHERE task_id = :task_id ORDER BY id DESC LIMIT 1 OFFSET :keep;

-- name: old_runs
-- Open ones stay, however old.
SELECT id, cause FROM runs
WHERE task_id = :task_id AND id < :bound AND state IN ('succeeded', 'failed', 'cancelled') ORDER BY id LIMIT :limit;

-- name: old_skips
SELECT id, last_due_at, count FROM skips
WHERE task_id = :task_id AND last_due_at < :before ORDER BY last_due_at LIMIT :limit;

-- name: first_kept_skip
-- Stretches follow one another; only that of an overridden occurrence may lie within another one, so it is passed over.
SELECT first_due_at FROM skips
WHERE task_id = :task_id AND last_due_at >= :before
    AND NOT EXISTS (SELECT 1 FROM overrides WHERE task_id = :task_id AND due_at = skips.first_due_at)
ORDER BY last_due_at LIMIT 1;

-- name: forget_run
DELETE FROM runs WHERE id = :id AND state IN ('succeeded', 'failed', 'cancelled');

-- name: forget_attempts
DELETE FROM attempts WHERE run_id = :run_id;

-- name: forget_skip
-- One that has grown meanwhile stays.
DELETE FROM skips WHERE id = :id AND last_due_at = :last_due_at AND count = :count;

-- name: close_skip
-- A plan that would extend the forgotten skip finds its cursor moved.
UPDATE cursors SET open_skip = NULL, version = version + 1 WHERE task_id = :task_id AND open_skip = :skip_id;

-- name: count_forgotten
UPDATE cursors SET kept_from = max(kept_from, :kept_from), forgotten = forgotten + :forgotten WHERE task_id = :task_id;

-- name: forget_revisions
-- Judged stretches begin at kept_from; before it only runs that pin an old revision still need one. A run kept may lie in
-- the very millisecond before kept_from, where another of that millisecond was forgotten.
DELETE FROM revisions
WHERE task_id = :task_id
    AND revision < (SELECT revision FROM tasks WHERE id = :task_id)
    AND (
        SELECT min(later.valid_from) FROM revisions AS later
        WHERE later.task_id = :task_id AND later.revision > revisions.revision
    ) < (SELECT kept_from - 1 FROM cursors WHERE task_id = :task_id)
    AND NOT EXISTS (
        SELECT 1 FROM runs WHERE task_id = :task_id AND cause = 'retry' AND task_revision = revisions.revision
    )
    AND NOT EXISTS (
        SELECT 1 FROM runs
        WHERE task_id = :task_id AND state IN ('waiting', 'running') AND task_revision = revisions.revision
    );

-- name: has_records
SELECT EXISTS (SELECT 1 FROM runs WHERE task_id = :task_id) OR EXISTS (SELECT 1 FROM skips WHERE task_id = :task_id);

-- name: count_records
SELECT count(*) FROM (
    SELECT 1 FROM runs WHERE task_id = :task_id UNION ALL SELECT 1 FROM skips WHERE task_id = :task_id LIMIT :limit
);

-- name: forget_task_tags
DELETE FROM task_tags WHERE task_id = :task_id;

-- name: forget_overrides
DELETE FROM overrides WHERE task_id = :task_id;

-- name: forget_cursor
DELETE FROM cursors WHERE task_id = :task_id;

-- name: forget_all_revisions
DELETE FROM revisions WHERE task_id = :task_id;

-- name: forget_task
DELETE FROM tasks WHERE id = :task_id AND deleted_at IS NOT NULL;

-- name: forget_workers
-- Their names are shown with the runs they did, so they outlive the usual run.
DELETE FROM workers WHERE (stopped_at < :before OR dead_at < :before)
    AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.worker_id = workers.id AND runs.state = 'running');

-- name: forget_replays
DELETE FROM idempotency_keys WHERE expires_at <= :now;

-- name: forget_sessions
DELETE FROM sessions WHERE expires_at <= :now;

-- name: forget_setup_keys
DELETE FROM setup_keys WHERE expires_at <= :now;
