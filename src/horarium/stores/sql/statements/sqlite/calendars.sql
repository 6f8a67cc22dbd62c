-- name: holding_calendar
-- Asked for each calendar of a task that is saved, in the transaction that saves it.
SELECT {calendars} FROM calendars WHERE name = :name AND holds = 1;

-- name: newest_calendar
-- A deletion is a version too.
SELECT {calendars} FROM calendars WHERE name = :name ORDER BY version DESC LIMIT 1;

-- name: calendar_version
SELECT {calendars} FROM calendars WHERE name = :name AND version = :version;

-- name: calendar_versions
SELECT {calendars} FROM calendars WHERE name = :name AND version < :before ORDER BY version DESC LIMIT :limit;

-- name: count_calendar_versions
SELECT count(*) FROM calendars WHERE name = :name;

-- name: calendars
SELECT {calendars} FROM calendars WHERE holds = 1 AND name > :after ORDER BY name LIMIT :limit;

-- name: count_calendars
SELECT count(*) FROM calendars WHERE holds = 1;

-- name: calendar_names_before
-- Neighbours in the alphabet: candidates for "did you mean".
SELECT name FROM calendars WHERE holds = 1 AND name < :name ORDER BY name DESC LIMIT :limit;

-- name: calendar_names_from
SELECT name FROM calendars WHERE holds = 1 AND name >= :name ORDER BY name LIMIT :limit;

-- name: add_calendar
INSERT INTO calendars VALUES ({:calendars});

-- name: retire_calendar
UPDATE calendars SET holds = 0 WHERE name = :name AND holds = 1;

-- name: add_schedule_list
INSERT INTO schedule_lists VALUES ({:schedule_lists});

-- name: drop_schedule_lists
DELETE FROM schedule_lists WHERE task_id = :task_id;

-- name: users_of_list
SELECT tasks.name FROM schedule_lists JOIN tasks ON tasks.id = schedule_lists.task_id
WHERE schedule_lists.list = :list ORDER BY schedule_lists.version, schedule_lists.task_id LIMIT :limit;

-- name: count_users_of_list
SELECT count(*) FROM schedule_lists WHERE list = :list;

-- name: outdated_calendars
-- Those that tasks still use in another version: asked at the start, and after a calendar has changed.
SELECT name, version, changed_by FROM calendars
WHERE holds = 1 AND (
    EXISTS (SELECT 1 FROM schedule_lists WHERE list = 'calendar:' || calendars.name AND version < CAST(calendars.version AS TEXT))
    OR EXISTS (SELECT 1 FROM schedule_lists WHERE list = 'calendar:' || calendars.name AND version > CAST(calendars.version AS TEXT))
)
ORDER BY name;

-- name: uses_list
SELECT EXISTS (SELECT 1 FROM schedule_lists WHERE list = :list);

-- name: outdated_tasks
-- Two ranges of one index instead of <>, which would read every task that is up to date. Broken tasks are left alone.
SELECT task_id FROM schedule_lists JOIN tasks ON tasks.id = task_id
WHERE list = :list AND version < :version AND broken IS NULL
UNION ALL
SELECT task_id FROM schedule_lists JOIN tasks ON tasks.id = task_id
WHERE list = :list AND version > :version AND broken IS NULL
LIMIT :limit;

-- name: count_outdated_tasks
SELECT (
    SELECT count(*) FROM schedule_lists JOIN tasks ON tasks.id = task_id
    WHERE list = :list AND schedule_lists.version < :version AND broken IS NULL
) + (
    SELECT count(*) FROM schedule_lists JOIN tasks ON tasks.id = task_id
    WHERE list = :list AND schedule_lists.version > :version AND broken IS NULL
);
