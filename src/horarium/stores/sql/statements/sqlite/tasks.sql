-- name: add_task
-- Plain: a name taken by a living task fails here, by the unique index.
INSERT INTO tasks VALUES ({:tasks});

-- name: add_tag
INSERT INTO task_tags (tag, task_id) VALUES (:tag, :task_id);

-- name: drop_tags
DELETE FROM task_tags WHERE task_id = :task_id;

-- name: add_revision
INSERT INTO revisions VALUES ({:revisions});

-- name: add_cursor
INSERT INTO cursors VALUES ({:cursors});

-- name: task
SELECT {tasks} FROM tasks WHERE id = :id;

-- name: task_named
SELECT {tasks} FROM tasks WHERE name = :name AND deleted_at IS NULL;

-- name: names_from
-- Neighbours in the alphabet: candidates for "did you mean".
SELECT name FROM tasks WHERE deleted_at IS NULL AND name >= :name ORDER BY name LIMIT :limit;

-- name: names_before
SELECT name FROM tasks WHERE deleted_at IS NULL AND name < :name ORDER BY name DESC LIMIT :limit;

-- name: change_task
-- The revision is the verdict: whoever was later reads again.
UPDATE tasks SET
    revision = :revision, name = :name, description = :description, tags = :tags, kind = :kind, schedule = :schedule,
    action = :action, policy = :policy, pool = :pool, priority = :priority, paused_at = :paused_at,
    paused_until = :paused_until, pause_reason = :pause_reason, deleted_at = :deleted_at, updated_at = :updated_at,
    broken = :broken, sentence = :sentence
WHERE id = :id AND revision = :was;

-- name: mark_broken
UPDATE tasks SET broken = :broken WHERE id = :id AND revision = :revision;

-- name: broken_tasks
-- The living ones alone: a tombstone has nothing to decide.
SELECT {tasks} FROM tasks WHERE broken IS NOT NULL AND id > :after ORDER BY id LIMIT :limit;

-- name: zoned_tasks
-- Asked only when the shipped time-zone database is another one than at the last start.
SELECT {tasks} FROM tasks JOIN cursors ON cursors.task_id = tasks.id
WHERE tasks.id > :after AND tasks.deleted_at IS NULL AND tasks.broken IS NULL AND cursors.next_due_at IS NOT NULL
    AND cursors.tzdata <> :tzdata AND json_extract(tasks.schedule, '$.timezone') IS NOT NULL
ORDER BY tasks.id LIMIT :limit;

-- name: revision
SELECT {revisions} FROM revisions WHERE task_id = :task_id AND revision = :revision;

-- name: revisions
SELECT {revisions} FROM revisions WHERE task_id = :task_id AND revision < :before ORDER BY revision DESC LIMIT :limit;

-- name: count_revisions
SELECT count(*) FROM revisions WHERE task_id = :task_id;

-- name: replay
SELECT fingerprint, task_ids, expires_at FROM idempotency_keys WHERE key = :key;

-- name: remember_replay
-- Only a key that has expired is ever written over.
INSERT INTO idempotency_keys VALUES ({:idempotency_keys})
ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, task_ids = excluded.task_ids, expires_at = excluded.expires_at;
