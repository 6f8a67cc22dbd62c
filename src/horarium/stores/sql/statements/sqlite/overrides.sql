-- name: overrides
-- What a plan of the task must know, and, further back, what open runs may be due by.
SELECT {overrides} FROM overrides
WHERE task_id = :task_id AND (decided_at IS NULL OR due_at > :after) ORDER BY due_at;

-- name: put_override
-- Whoever is asked again before the occurrence is decided replaces what was asked for.
INSERT INTO overrides VALUES ({:overrides})
ON CONFLICT (task_id, due_at) DO UPDATE SET
    moved_to = excluded.moved_to, created_by = excluded.created_by, created_at = excluded.created_at
WHERE decided_at IS NULL;

-- name: decide_override
UPDATE overrides SET decided_at = :decided_at WHERE task_id = :task_id AND due_at = :due_at AND decided_at IS NULL;

-- name: drop_override
DELETE FROM overrides WHERE task_id = :task_id AND due_at = :due_at AND decided_at IS NULL;

-- name: skip_around
-- The only skip that may hold an occurrence: its own, or the first stretch that ends at or after it.
SELECT id, first_due_at FROM skips
WHERE task_id = :task_id AND last_due_at >= :due_at
    AND (first_due_at = :due_at OR NOT EXISTS (SELECT 1 FROM overrides WHERE task_id = :task_id AND due_at = skips.first_due_at))
ORDER BY last_due_at LIMIT 1;

-- name: forget_old_overrides
-- Decided, and older than whatever is judged; an open run may still be due by its own.
DELETE FROM overrides
WHERE task_id = :task_id AND due_at < :kept_from AND decided_at < :kept_from
    AND NOT EXISTS (SELECT 1 FROM runs WHERE task_id = :task_id AND state IN ('waiting', 'running'));
