-- States of grains. The primary key is what makes a first write conditional: of two inserts of one state the second waits for the first, and then does nothing. Its columns stand in the order in which
-- rows are listed, and compare byte by byte ("C"), which is the order of nothing but is the same everywhere and cheap. GrainIdExtensionString is empty instead of null, since nulls are never equal;
-- GrainIdHash tells apart what the provider otherwise stores alike: a text key, and the number 0 with that text behind it.
-- A fifth of each page is left free, so that a new version of a row finds room beside the old one and the index need not change.
CREATE TABLE IF NOT EXISTS OrleansStorage
(
    ServiceId text COLLATE "C" NOT NULL,
    GrainTypeString text COLLATE "C" NOT NULL,
    GrainIdExtensionString text COLLATE "C" NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    GrainIdHash integer NOT NULL,
    Version integer NOT NULL,
    ModifiedOn timestamptz NOT NULL DEFAULT now(),
    PayloadBinary bytea,
    PRIMARY KEY (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, GrainIdHash)
) WITH (fillfactor = 80);

-- A table of the same name that another script made has nulls in the key and no uniqueness: half of its rows would not be found.
DO $check$
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'OrleansStorage'::regclass AND attname = 'grainidextensionstring' AND NOT attnotnull) THEN
        RAISE EXCEPTION 'the table OrleansStorage was made by another script and has no primary key'
            USING HINT = 'Name another database, or another schema (Search Path in the connection string)';
    END IF;
END
$check$;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

('ReadFromStorageKey', $query$
SELECT PayloadBinary, Version
FROM OrleansStorage
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdHash = @GrainIdHash
$query$),

-- With a version: the update of that version. Without: the insert of the first. No row in the answer: the condition did not hold.
('WriteToStorageKey', $query$
WITH updated AS
(
    UPDATE OrleansStorage SET Version = Version + 1, ModifiedOn = now(), PayloadBinary = @PayloadBinary
    WHERE CAST(@GrainStateVersion AS integer) IS NOT NULL
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdHash = @GrainIdHash AND Version = @GrainStateVersion
    RETURNING Version
), inserted AS
(
    INSERT INTO OrleansStorage (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, GrainIdHash, Version, PayloadBinary)
    SELECT @ServiceId, @GrainTypeString, COALESCE(@GrainIdExtensionString, ''), @GrainIdN0, @GrainIdN1, @GrainIdHash, 1, @PayloadBinary
    WHERE CAST(@GrainStateVersion AS integer) IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version
)
SELECT Version AS NewGrainStateVersion FROM updated
UNION ALL
SELECT Version FROM inserted
$query$),

-- A cleared state keeps its row and its version, so that no ETag is ever given twice.
('ClearStorageKey', $query$
UPDATE OrleansStorage SET Version = Version + 1, ModifiedOn = now(), PayloadBinary = NULL
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdHash = @GrainIdHash AND Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion
$query$),

-- For who wants rows gone all the same (DeleteStateOnClear).
('DeleteStorageKey', $query$
DELETE FROM OrleansStorage
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdHash = @GrainIdHash AND Version = @GrainStateVersion
RETURNING Version + 1 AS NewGrainStateVersion
$query$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = EXCLUDED.QueryText;
