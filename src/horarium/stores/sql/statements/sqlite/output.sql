-- name: add_chunk
-- Adding the same chunk again changes nothing: a lost answer is resolved by asking again.
INSERT INTO output (run_id, attempt, "offset", stream, at, first_line, data)
VALUES (:run_id, :attempt, :offset, :stream, :at, :first_line, :data)
ON CONFLICT (run_id, attempt, "offset") DO NOTHING;

-- name: output_end
-- The length of a blob is known without reading it.
SELECT "offset" + length(data) FROM output WHERE run_id = :run_id AND attempt = :attempt ORDER BY "offset" DESC LIMIT 1;

-- name: output_dropped
SELECT size, dropped_from, dropped_to FROM output_ends WHERE run_id = :run_id AND attempt = :attempt;

-- name: put_dropped
INSERT INTO output_ends VALUES (:run_id, :attempt, :size, :dropped_from, :dropped_to)
ON CONFLICT (run_id, attempt) DO UPDATE SET
    size = excluded.size, dropped_from = excluded.dropped_from, dropped_to = excluded.dropped_to;
