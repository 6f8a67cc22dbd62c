-- name: add_chunk
-- Adding the same chunk again changes nothing: a lost answer is resolved by asking again.
INSERT INTO output (run_id, attempt, "offset", stream, at, first_line, data)
VALUES (:run_id, :attempt, :offset, :stream, :at, :first_line, :data)
ON CONFLICT (run_id, attempt, "offset") DO NOTHING;

-- name: grow_output
INSERT INTO output_ends (run_id, attempt, size) VALUES (:run_id, :attempt, :size)
ON CONFLICT (run_id, attempt) DO UPDATE SET size = excluded.size WHERE excluded.size > output_ends.size;
