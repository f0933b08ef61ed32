/** What the rehearsed database holds, and how two states of it are compared. */
import type { Postgres } from "./postgres";

/** A table for everything that dumps are known to lose or change, and enough rows that a dump takes a while. */
const CONTENT = `
CREATE SCHEMA "Odd names";
CREATE TYPE mood AS ENUM ('fine', 'so-so');
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL, mood mood DEFAULT 'fine', tags text[], profile jsonb,
  picture bytea, balance numeric(20, 6), ratio double precision, seen timestamptz,
  initial text GENERATED ALWAYS AS (left(name, 1)) STORED
);
CREATE TABLE orders (
  id serial PRIMARY KEY, customer bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
  note text, CHECK (note <> 'forbidden')
);
CREATE TABLE "Odd names"."A ""quoted"" table" ("select" int, "né" text);
CREATE TABLE events (at date NOT NULL, text text) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE TABLE events_new PARTITION OF events DEFAULT;
CREATE INDEX orders_by_customer ON orders (customer) WHERE note IS NOT NULL;
CREATE VIEW spenders AS SELECT name, count(*) AS orders FROM customers c JOIN orders o ON o.customer = c.id GROUP BY name;
CREATE MATERIALIZED VIEW months AS SELECT date_trunc('month', at) AS month, count(*) FROM events GROUP BY 1;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := coalesce(NEW.note, ''); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO customers (name, mood, tags, profile, picture, balance, ratio, seen)
  SELECT md5(n::text) || md5((n * 7)::text), CASE WHEN n % 3 = 0 THEN 'so-so'::mood END,
    ARRAY['a"b', NULL, 'c,d', n::text], jsonb_build_object('n', n, 'text', E'tab\\t quote" \\\\ é'),
    decode(md5((n * 13)::text) || md5((n * 17)::text), 'hex'), n / 7.0, 'NaN',
    '2026-02-28 23:59:59.123456+05:45'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, 6000) n;
INSERT INTO customers (name, profile) VALUES (E'two\\nlines\\\\.\\n\\\\N', 'null'), ('', NULL);
INSERT INTO orders (customer, note) SELECT id, CASE WHEN id % 2 = 0 THEN md5(id::text) END FROM customers;
INSERT INTO "Odd names"."A ""quoted"" table" VALUES (1, 'größer'), (NULL, NULL);
INSERT INTO events SELECT '2025-12-01'::date + n, md5(n::text) FROM generate_series(1, 90) n;
REFRESH MATERIALIZED VIEW months;
SELECT lo_from_bytea(0, decode(repeat('00ff0a', 5000), 'hex'));
`;

/** A row that the fixture does not have. */
export const witness = (name: string): string => `INSERT INTO customers (name) VALUES ('${name}');`;

/** An empty database of the owner, with the content. */
export async function fill(postgres: Postgres): Promise<void> {
  await postgres.empty();
  await postgres.sql(CONTENT);
}

/** One line for each table, sequence, index, constraint, view, function and large object, in any order of their rows. */
const TABLES = `
SELECT format('SELECT %L, count(*), coalesce(sum(hashtextextended(t::text, 42)::numeric), 0) FROM %s t',
  'table ' || c.oid::regclass, c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%'
ORDER BY c.oid::regclass::text
\\gexec
SELECT 'sequence', schemaname, sequencename, last_value FROM pg_sequences ORDER BY 2, 3;
SELECT 'index', indexdef FROM pg_indexes WHERE schemaname NOT LIKE 'pg_%' ORDER BY 2;
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE conrelid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 2, 3;
SELECT 'view', schemaname, viewname, md5(definition) FROM pg_views
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 2, 3;
SELECT 'trigger', tgname, md5(pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 2;
SELECT 'large object', oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 2;
SELECT 'owner', relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
  AND pg_get_userbyid(relowner) <> current_user ORDER BY 2;
`;

/** The database's state, a line for each thing in it. */
export async function stateOf(postgres: Postgres): Promise<readonly string[]> {
  const text = await postgres.sql(TABLES);
  return text.split("\n").filter((line) => line !== "");
}

/** What one state has and the other has not, at most three of it. Empty if they are the same. */
export function differenceOf(before: readonly string[], after: readonly string[]): string {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].slice(0, 3).join("; ");
}
