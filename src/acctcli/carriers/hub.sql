-- The hub of a team: what `acct sync` needs in a PostgreSQL database. PostgreSQL 13 or later.
--
-- TO SET IT UP, once, as a superuser or a login with CREATEROLE that may create schemas:
--
--   createdb hub
--   acct sync hub-sql | psql --set ON_ERROR_STOP=1 hub
--
-- It is safe to run again, also on a hub in use: tables and their rows stay as they are, functions,
-- policies and grants are renewed. A newer version of acct may ask for that.
--
-- A LOGIN FOR EACH REP (never a shared one: what a rep may read depends on it):
--
--   CREATE ROLE ann LOGIN;
--   \password ann
--   GRANT acct_reps TO ann;
--
-- Ann then shares a book of hers with `acct sync init postgresql://ann@db.example.com/hub`, or takes
-- part in one with `acct sync join`. Owners of a book let others in: `acct sync member add`.
-- Her password belongs into ~/.pgpass. When she leaves: owners take her out of their books, and
-- `ALTER ROLE ann NOLOGIN`.
--
-- TLS: without it, names and numbers of customers cross the network in plain text. Set `ssl = on` in
-- postgresql.conf, and let reps in by TLS only, in pg_hba.conf:
--
--   hostssl  hub  +acct_reps  all  scram-sha-256
--
-- acct asks for TLS unless the hub is on the same machine. So that it also checks the certificate,
-- reps add ?sslmode=verify-full&sslrootcert=system to the address.
--
-- ALSO
--   REVOKE CONNECT, TEMPORARY ON DATABASE hub FROM PUBLIC;  GRANT CONNECT ON DATABASE hub TO acct_reps;
--   SELECT * FROM acct.member;                                   -- who may do what
--   REVOKE EXECUTE ON FUNCTION acct.create_book FROM acct_reps;  -- so that reps start no books of
--                                                                -- their own; after each run of this
-- A pooler must pool sessions, not transactions. Back the database up like any other; a hub that was
-- restored to an older state gets what it lacks from any machine, by `acct sync compact`. After an
-- erasure, deleted bytes are gone once VACUUM has run and old WAL and backups are gone, too.
--
-- WHAT PROTECTS WHAT: reps read through row-level security (a member of a book sees all of it, anybody
-- else no row) and write through the functions below alone. These run as acct_owner, which cannot log
-- in and owns nothing else. Whom they serve is session_user, which SET ROLE does not change.

BEGIN;
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'acct_owner') THEN
    CREATE ROLE acct_owner NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'acct_reps') THEN
    CREATE ROLE acct_reps NOLOGIN;
  END IF;
  IF NOT pg_catalog.pg_has_role(current_user, 'acct_owner', 'USAGE') THEN
    EXECUTE pg_catalog.format('GRANT acct_owner TO %I', current_user);
  END IF;
END $$;

CREATE SCHEMA IF NOT EXISTS acct AUTHORIZATION acct_owner;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace
                 WHERE nspname = 'acct' AND nspowner = 'acct_owner'::regrole) THEN
    RAISE 'there is a schema acct of another owner in this database. Use another database';
  END IF;
END $$;

SET LOCAL ROLE acct_owner;

-- ---------------------------------------------------------------------------------------- Tables

CREATE TABLE IF NOT EXISTS acct.book (
  id       text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  sealed   boolean NOT NULL,  -- files are encrypted, with a key that the hub never sees
  made_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS acct.member (
  book  text NOT NULL REFERENCES acct.book,
  rep   name NOT NULL,        -- a login
  role  text NOT NULL CHECK (role IN ('read', 'write', 'own')),
  PRIMARY KEY (book, rep)
);

CREATE TABLE IF NOT EXISTS acct.device (
  dev     text PRIMARY KEY CHECK (dev ~ '^[0-9a-f]{8}$'),
  rep     name,               -- the only login that writes for it; NULL until it comes back to a
                              -- hub that has lost it
  name    text NOT NULL DEFAULT '' CHECK (length(name) <= 100),
  series  text UNIQUE CHECK (series ~ '^[A-Z]{1,4}$')  -- the letters before its account numbers
);

-- The files of one device in one book. Its row is the lock of whoever adds a file.
CREATE TABLE IF NOT EXISTS acct.stream (
  book     text NOT NULL REFERENCES acct.book,
  dev      text NOT NULL REFERENCES acct.device,
  last     bigint NOT NULL DEFAULT 0,
  last_at  timestamptz,
  dropped  bigint NOT NULL DEFAULT 0,  -- files up to this one are covered by later ones, and deleted
  PRIMARY KEY (book, dev)
);

CREATE TABLE IF NOT EXISTS acct.file (
  book  text NOT NULL,
  dev   text NOT NULL,
  n     bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  rep   name NOT NULL,
  at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  seq   bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,  -- roughly the order of writing
  sha   bytea NOT NULL,
  blob  bytea NOT NULL CHECK (octet_length(blob) <= 268435456),
  PRIMARY KEY (book, dev, n),
  FOREIGN KEY (book, dev) REFERENCES acct.stream
);
ALTER TABLE acct.file ALTER blob SET STORAGE EXTERNAL;  -- it is compressed already

-- --------------------------------------------------------------------------------- Who reads what

CREATE OR REPLACE FUNCTION acct.my_books() RETURNS SETOF text
  LANGUAGE sql STABLE ROWS 10 SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
  SELECT book FROM acct.member WHERE rep = session_user
$$;

ALTER TABLE acct.book   ENABLE ROW LEVEL SECURITY;
ALTER TABLE acct.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE acct.device ENABLE ROW LEVEL SECURITY;
ALTER TABLE acct.stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE acct.file   ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS members ON acct.book;
DROP POLICY IF EXISTS members ON acct.member;
DROP POLICY IF EXISTS members ON acct.stream;
DROP POLICY IF EXISTS members ON acct.file;
DROP POLICY IF EXISTS members ON acct.device;
CREATE POLICY members ON acct.book   FOR SELECT USING (id   IN (SELECT acct.my_books()));
CREATE POLICY members ON acct.member FOR SELECT USING (book IN (SELECT acct.my_books()));
CREATE POLICY members ON acct.stream FOR SELECT USING (book IN (SELECT acct.my_books()));
CREATE POLICY members ON acct.file   FOR SELECT USING (book IN (SELECT acct.my_books()));
-- Streams are restricted in turn: the devices that take part in a book of mine.
CREATE POLICY members ON acct.device FOR SELECT USING (dev IN (SELECT s.dev FROM acct.stream s));

-- -------------------------------------------------------------------- Parts of the functions below
-- Errors have codes of their own (AC…), by which acct finds its words.

CREATE OR REPLACE FUNCTION acct.require(b text, VARIADIC roles text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
DECLARE
  mine text;
BEGIN
  SELECT m.role INTO mine FROM acct.member m WHERE m.book = b AND m.rep = session_user;
  IF mine IS NULL AND NOT EXISTS (SELECT FROM acct.book WHERE id = b) THEN
    RAISE 'there is no book %', b USING errcode = 'AC001';
  ELSIF mine IS NULL THEN
    RAISE '% is not a member of %', session_user, b USING errcode = 'AC002';
  ELSIF mine <> ALL (roles) THEN
    RAISE 'the role of % in % is %', session_user, b, mine
      USING errcode = 'AC003', detail = mine;
  END IF;
END $$;

-- Bind a device to the login of the session, and lock its files in a book.
CREATE OR REPLACE FUNCTION acct.claim(b text, d text) RETURNS acct.stream
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
DECLARE
  mine acct.stream;
BEGIN
  INSERT INTO acct.device AS known (dev, rep) VALUES (d, session_user)
    ON CONFLICT (dev) DO UPDATE SET rep = session_user WHERE known.rep IS NULL;
  IF NOT EXISTS (SELECT FROM acct.device WHERE dev = d AND rep = session_user) THEN
    RAISE 'the device % belongs to another login', d USING errcode = 'AC004';
  END IF;
  INSERT INTO acct.stream (book, dev) VALUES (b, d) ON CONFLICT DO NOTHING;
  SELECT * INTO mine FROM acct.stream WHERE book = b AND dev = d FOR UPDATE;
  RETURN mine;
END $$;

-- The letters at a place, from 0: A, B … Z, AA.
CREATE OR REPLACE FUNCTION acct.series(place bigint) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = acct, pg_temp
AS $$
DECLARE
  left_over bigint := place + 1;
  letters text := '';
BEGIN
  WHILE left_over > 0 LOOP
    letters := chr((65 + (left_over - 1) % 26)::integer) || letters;
    left_over := (left_over - 1) / 26;
  END LOOP;
  RETURN letters;
END $$;

-- ------------------------------------------------------------------------------- What reps may call

-- Which functions there are: acct compares it with what it needs.
CREATE OR REPLACE FUNCTION acct.version() RETURNS integer
  LANGUAGE sql IMMUTABLE SET search_path = acct, pg_temp
AS $$
  SELECT 1
$$;

-- What the caller may do in a book, and whether it is sealed.
CREATE OR REPLACE FUNCTION acct.standing(b text, OUT role text, OUT sealed boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
BEGIN
  PERFORM acct.require(b, 'read', 'write', 'own');
  SELECT m.role, k.sealed INTO standing.role, standing.sealed
    FROM acct.member m JOIN acct.book k ON k.id = m.book
    WHERE m.book = b AND m.rep = session_user;
END $$;

-- Start a book, whose owner is the caller. An empty one of theirs may be started again.
CREATE OR REPLACE FUNCTION acct.create_book(b text, is_sealed boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
BEGIN
  INSERT INTO acct.book (id, sealed) VALUES (b, is_sealed) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    INSERT INTO acct.member (book, rep, role) VALUES (b, session_user, 'own');
  ELSIF EXISTS (SELECT FROM acct.stream WHERE book = b)
     OR NOT EXISTS (SELECT FROM acct.member
                    WHERE book = b AND rep = session_user AND role = 'own') THEN
    RAISE 'there is a book % already', b USING errcode = 'AC008';
  ELSE
    UPDATE acct.book SET sealed = is_sealed WHERE id = b;
  END IF;
END $$;

-- Let a device take part in a book; return its series, which is its own in the whole hub.
CREATE OR REPLACE FUNCTION acct.register(b text, d text, title text, wanted text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
DECLARE
  given text;
BEGIN
  PERFORM acct.require(b, 'read', 'write', 'own');
  PERFORM pg_advisory_xact_lock(hashtext('acct.series'));  -- one after the other
  PERFORM acct.claim(b, d);
  SELECT series INTO given FROM acct.device WHERE dev = d;
  IF given IS NULL AND wanted ~ '^[A-Z]{1,4}$'
     AND NOT EXISTS (SELECT FROM acct.device WHERE series = wanted) THEN
    given := wanted;
  ELSIF given IS NULL THEN
    SELECT acct.series(place) INTO given
      FROM generate_series(0, (SELECT count(*) FROM acct.device)) place
      WHERE NOT EXISTS (SELECT FROM acct.device WHERE series = acct.series(place))
      ORDER BY place LIMIT 1;
  END IF;
  UPDATE acct.device SET name = left(title, 100), series = given
    WHERE dev = d AND (name, series) IS DISTINCT FROM (left(title, 100), given);
  RETURN given;
END $$;

-- Keep a file. The same bytes once more change nothing.
CREATE OR REPLACE FUNCTION acct.put(b text, d text, k bigint, content bytea, whole boolean)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
DECLARE
  mine acct.stream;
  kept bytea;
BEGIN
  PERFORM acct.require(b, 'write', 'own');
  IF (SELECT sealed FROM acct.book WHERE id = b)
     IS DISTINCT FROM (substr(content, 1, 22) = 'age-encryption.org/v1\012'::bytea) THEN
    RAISE 'the files of % are sealed, or they are not: all alike', b USING errcode = 'AC007';
  END IF;
  mine := acct.claim(b, d);
  SELECT sha INTO kept FROM acct.file WHERE book = b AND dev = d AND n = k;
  IF kept = sha256(content) THEN
    RETURN;
  ELSIF kept IS NOT NULL OR k <= mine.dropped THEN
    RAISE 'other bytes have the name % of %', k, d USING errcode = 'AC005';
  ELSIF mine.last > 0 AND k > mine.last + 1 AND NOT whole THEN
    RAISE 'files of % between % and % are missing', d, mine.last, k
      USING errcode = 'AC006', detail = mine.last;
  END IF;
  INSERT INTO acct.file (book, dev, n, rep, sha, blob)
    VALUES (b, d, k, session_user, sha256(content), content);
  UPDATE acct.stream SET last = greatest(last, k), last_at = clock_timestamp()
    WHERE book = b AND dev = d;
END $$;

-- Delete the files of each device up to a number. Later files of the caller must be there, which hold
-- the whole book: nothing that came after them is deleted.
CREATE OR REPLACE FUNCTION acct.drop_files(b text, devs text[], numbers bigint[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
DECLARE
  covering bigint;
BEGIN
  PERFORM acct.require(b, 'write', 'own');
  SELECT max(f.seq) INTO covering
    FROM acct.file f LEFT JOIN unnest(devs, numbers) c(dev, n) ON c.dev = f.dev
    WHERE f.book = b AND f.rep = session_user AND f.n > coalesce(c.n, 0);
  IF covering IS NULL OR EXISTS (
      SELECT FROM unnest(devs, numbers) c(dev, n) JOIN acct.file f ON f.dev = c.dev AND f.n <= c.n
      WHERE f.book = b AND f.seq > covering) THEN
    RAISE 'no later files of % cover these', session_user USING errcode = 'AC012';
  END IF;
  INSERT INTO acct.device (dev) SELECT dev FROM unnest(devs) dev ON CONFLICT DO NOTHING;
  INSERT INTO acct.stream (book, dev) SELECT b, dev FROM unnest(devs) dev ON CONFLICT DO NOTHING;
  PERFORM FROM acct.stream WHERE book = b AND dev = ANY (devs) ORDER BY dev FOR UPDATE;
  UPDATE acct.stream s
    SET dropped = greatest(s.dropped, c.n), last = greatest(s.last, c.n)
    FROM unnest(devs, numbers) c(dev, n)
    WHERE s.book = b AND s.dev = c.dev;
  DELETE FROM acct.file f USING unnest(devs, numbers) c(dev, n)
    WHERE f.book = b AND f.dev = c.dev AND f.n <= c.n;
END $$;

-- Let a login into a book, or give it another role.
CREATE OR REPLACE FUNCTION acct.member_add(b text, who name, what text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
BEGIN
  PERFORM acct.require(b, 'own');
  PERFORM FROM acct.book WHERE id = b FOR UPDATE;  -- two owners must not demote each other
  PERFORM acct.require(b, 'own');
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = who AND rolcanlogin) THEN
    RAISE 'there is no login %', who USING errcode = 'AC009';
  ELSIF NOT pg_catalog.pg_has_role(who, 'acct_reps', 'USAGE') THEN
    RAISE '% is not one of acct_reps', who USING errcode = 'AC010';
  ELSIF what <> 'own' AND NOT EXISTS (SELECT FROM acct.member
      WHERE book = b AND role = 'own' AND rep <> who) THEN
    RAISE '% is the last owner of %', who, b USING errcode = 'AC011';
  END IF;
  INSERT INTO acct.member (book, rep, role) VALUES (b, who, what)
    ON CONFLICT (book, rep) DO UPDATE SET role = what;
END $$;

-- Take a login out of a book.
CREATE OR REPLACE FUNCTION acct.member_remove(b text, who name) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = acct, pg_temp
AS $$
BEGIN
  PERFORM acct.require(b, 'own');
  PERFORM FROM acct.book WHERE id = b FOR UPDATE;
  PERFORM acct.require(b, 'own');
  IF NOT EXISTS (SELECT FROM acct.member WHERE book = b AND rep = who) THEN
    RAISE '% is not a member of %', who, b USING errcode = 'AC013';
  ELSIF NOT EXISTS (SELECT FROM acct.member WHERE book = b AND role = 'own' AND rep <> who) THEN
    RAISE '% is the last owner of %', who, b USING errcode = 'AC011';
  END IF;
  DELETE FROM acct.member WHERE book = b AND rep = who;
END $$;

-- ---------------------------------------------------------------------------------------- Grants

REVOKE ALL ON ALL TABLES IN SCHEMA acct FROM PUBLIC, acct_reps;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA acct FROM PUBLIC;
GRANT USAGE ON SCHEMA acct TO acct_reps;
GRANT SELECT ON acct.book, acct.member, acct.device, acct.stream, acct.file TO acct_reps;
GRANT EXECUTE ON FUNCTION acct.my_books, acct.version, acct.standing, acct.create_book, acct.register,
  acct.put, acct.drop_files, acct.member_add, acct.member_remove TO acct_reps;

COMMIT;
