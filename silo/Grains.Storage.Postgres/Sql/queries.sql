-- What Orleans' providers ask the database for, by name: they bring no SQL of their own. The names of keys, parameters and result columns are theirs; the statements are ours.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);
