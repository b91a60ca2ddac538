-- The narrow functions that come before a county is known (design.md, decision 9). Made anew after every migration.
-- They belong to the owner, so they see all counties; each gives only what its caller proved to know, and opens
-- that county to the running transaction. plpgsql, so that an older schema can be reached by a downgrade.
-- Never DROP here: a running process would find nothing for an instant. A function that must give other columns gets a
-- new name; the old one stays for one release (docs/operations/migrations.md).

CREATE OR REPLACE FUNCTION open_county(given text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  before text := COALESCE(current_setting('app.county', true), '');
BEGIN
  IF given IS NULL OR before = '*' OR strpos(before, given) > 0 THEN
    RETURN before;
  END IF;
  RETURN set_config('app.county', ltrim(before || ',' || given, ','), true);
END $$;

CREATE OR REPLACE FUNCTION open_by(what text, given text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found text;
BEGIN
  FOR found IN
    SELECT r.county_id FROM report r WHERE what = 'report' AND r.no = given AND left(r.county_id, 2)::int = ANY (
      ARRAY[11,12,13,14,15,21,22,23,31,32,33,34,35,36,37,41,42,43,44,45,46,50,51,52,53,54,61,62,63,64,65,71,81,82]) -- no drill's
    UNION SELECT r.county_id FROM report r WHERE what = 'report_key' AND r.key_hash = given
    UNION SELECT r.county_id FROM report r WHERE what = 'device' AND r.device_hash = given
    UNION SELECT j.county_id FROM report_join j WHERE what = 'device' AND j.device_hash = given
    UNION SELECT p.county_id FROM photo p WHERE what = 'photo_key' AND p.key_hash = given
    UNION SELECT p.county_id FROM photo p WHERE what = 'photo' AND p.id = given
    UNION SELECT e.county_id FROM estate e WHERE what = 'estate' AND e.id = CASE what WHEN 'estate' THEN given::bigint END
    UNION SELECT i.county_id FROM invitation i WHERE what = 'invitation' AND i.token_hash = given
    UNION SELECT p.county_id FROM person p WHERE what = 'login' AND p.username = given
    UNION SELECT a.county_id FROM address a WHERE what = 'address' AND a.target_index = given AND a.ended_at IS NULL
    UNION SELECT p.county_id FROM push p WHERE what = 'message' AND p.reference = given
    UNION SELECT l.county_id FROM report_link l WHERE what = 'link' AND l.token_hash = given
  LOOP
    PERFORM open_county(found);
  END LOOP;
  RETURN COALESCE(current_setting('app.county', true), '');
END $$;

CREATE OR REPLACE FUNCTION who_holds(token text, moment timestamptz) RETURNS TABLE (
  counties text, session_id bigint, person_id bigint, resident_id bigint, seen_at timestamptz, person_name text,
  factor boolean, post_id bigint, body_id bigint, body_name text, role text, county_id text, duty text
) LANGUAGE plpgsql ROWS 2 SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known record;
  county text;
BEGIN
  SELECT s.* INTO known FROM session s
  WHERE s.token_hash = token AND s.ended_at IS NULL AND s.expires_at > moment;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF known.resident_id IS NOT NULL THEN
    FOR county IN SELECT DISTINCT r.county_id FROM report r WHERE r.resident_id = known.resident_id
                  UNION SELECT j.county_id FROM report_join j WHERE j.resident_id = known.resident_id LOOP
      PERFORM open_county(county);
    END LOOP;
  ELSE
    PERFORM open_county(known.county_id);
  END IF;
  RETURN QUERY
    SELECT COALESCE(current_setting('app.county', true), ''), known.id, known.person_id, known.resident_id,
           known.seen_at, pe.name::text, pe.totp_since_at IS NOT NULL, p.id, p.body_id, b.name::text, p.role::text, p.county_id::text, p.duty::text
    FROM (SELECT 1) one
    LEFT JOIN person pe ON pe.id = known.person_id
    LEFT JOIN holding h ON h.person_id = known.person_id AND h.ended_at IS NULL
         AND (h.until_at IS NULL OR h.until_at > moment)
    LEFT JOIN post p ON p.id = h.post_id
    LEFT JOIN body b ON b.id = p.body_id
    WHERE pe.disabled_at IS NULL
    ORDER BY p.id;
END $$;

CREATE OR REPLACE FUNCTION place_of_code(given text) RETURNS TABLE (
  counties text, county_id text, code text, estate_id bigint, estate_name text, spot_id bigint, spot_name text,
  spot_building text, community_id bigint, community_name text, community_phone text, township_id bigint,
  township_name text, township_phone text, bureau_id bigint, bureau_name text, bureau_phone text, project_id bigint,
  project_body_id bigint, company_name text, company_phone text, manager_name text, manager_phone text,
  services text, managed_since date, stand_kind text, stand_name text, stand_phone text, has_committee boolean
) LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT open_county(k.county_id), e.county_id::text, k.code::text, e.id, e.name::text, s.id, s.name::text,
           bd.name::text, c.id, c.name::text, c.phone::text, t.id, t.name::text, t.phone::text, b.id, b.name::text,
           b.phone::text, p.id, p.body_id, co.name::text, co.phone::text, p.manager_name::text,
           p.manager_phone::text, p.services::text, p.since_on, e.stand_kind::text, e.stand_name::text,
           e.stand_phone::text, e.has_committee
    FROM scan_code k
    JOIN estate e ON e.id = k.estate_id
    LEFT JOIN spot s ON s.id = k.spot_id
    LEFT JOIN building bd ON bd.id = s.building_id
    JOIN body c ON c.id = e.community_id
    JOIN body t ON t.id = c.parent_id
    JOIN body b ON b.id = t.parent_id
    LEFT JOIN project p ON p.estate_id = e.id AND p.ended_on IS NULL
    LEFT JOIN company co ON co.id = p.company_id
    WHERE k.code = given AND k.revoked_at IS NULL;
END $$;

-- The one change that history suffers: what a reporter typed loses its numbers once nothing leads from his report to him
-- any more (docs/adr/0018). Only in sight, only his own steps, and only so that what was there stays around the marks.
CREATE OR REPLACE FUNCTION hidden_in(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  words := replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_');
  RETURN replace(replace(words, '〔号码已隐去〕', '%'), '〔门牌已隐去〕', '%');
END $$;

CREATE OR REPLACE FUNCTION hide_words(step bigint, words text, reasons jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sight text := COALESCE(current_setting('app.county', true), '');
BEGIN
  UPDATE report_event e
  SET text = words, data = CASE WHEN reasons IS NULL THEN e.data ELSE jsonb_set(e.data, '{reasons}', reasons) END
  FROM report r
  WHERE e.id = step AND e.by_kind = 'reporter' AND r.id = e.report_id
    AND r.phone_sealed IS NULL AND r.device_hash IS NULL AND r.resident_id IS NULL
    AND (sight = '*' OR strpos(sight, e.county_id) > 0)
    AND e.text LIKE hidden_in(words)
    AND (reasons IS NULL OR (e.data -> 'reasons')::text LIKE hidden_in(reasons::text));
  RETURN FOUND;
END $$;
