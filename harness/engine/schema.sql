-- The result store. One writer (the campaign), any number of readers; WAL. Everything a report needs is in here.
-- Blobs are little-endian float64, one value per row of the cell, or a single value that holds for every row.
-- Text columns: the rows' strings, each ended by a zero byte, or a single one that holds for every row.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Where cells were run: one row per distinct environment. json: host, cpu, cores, memory_mb, os, kernel, compiler, flags, blas, commit, claimcheck.
CREATE TABLE IF NOT EXISTS environment (id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, json TEXT NOT NULL);

-- A cell: measure x arm x point x block of seeds. key = SHA-256 of canonical, which names module digests, measure, specs with every
-- parameter, plan and seeds. status: done | skipped | error. cause: "" | SIGSEGV | deadline | memory | EINVAL | ENUMERIC | ...
CREATE TABLE IF NOT EXISTS cell (
  id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, canonical TEXT NOT NULL,
  status TEXT NOT NULL, cause TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
  rows INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0, peak_bytes INTEGER NOT NULL DEFAULT 0,
  timed INTEGER NOT NULL DEFAULT 0, environment INTEGER NOT NULL REFERENCES environment(id), finished TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cell_column (
  cell INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE, name TEXT NOT NULL, text INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL,
  PRIMARY KEY (cell, name)) WITHOUT ROWID;
-- An array beside the rows. seed, row: which replicate and which row (-1: none) it belongs to. shape: "3,2".
CREATE TABLE IF NOT EXISTS attachment (
  cell INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE, name TEXT NOT NULL, seed INTEGER NOT NULL, row INTEGER NOT NULL, shape TEXT NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (cell, name, seed, row)) WITHOUT ROWID;

-- What the plug-ins declare, written anew whenever a campaign is planned; json holds all fields of the descriptor.
-- kind: plugin | family | problem | algorithm | experiment | claim | figure. owner: the plug-in's id.
CREATE TABLE IF NOT EXISTS definition (owner TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, json TEXT NOT NULL,
  PRIMARY KEY (owner, kind, id)) WITHOUT ROWID;

-- Which cells make up an experiment (overlay '') or a control's overlay of it ('claim/control') at a tier (0 quick, 1 standard, 2 extended).
CREATE TABLE IF NOT EXISTS member (
  owner TEXT NOT NULL, experiment TEXT NOT NULL, overlay TEXT NOT NULL, tier INTEGER NOT NULL, position INTEGER NOT NULL,
  arm TEXT NOT NULL, point TEXT NOT NULL, key TEXT NOT NULL, 
  PRIMARY KEY (owner, experiment, overlay, tier, position)) WITHOUT ROWID;

-- Judgements. json: {"checks":[{..result.., "series":[..]}], "controls":[{"id","what","verdict","ok","checks":[..]}], "experiment", "cells", "seconds", ..}
CREATE TABLE IF NOT EXISTS verdict (
  owner TEXT NOT NULL, claim TEXT NOT NULL, tier INTEGER NOT NULL, verdict TEXT NOT NULL,
  estimate REAL, low REAL, high REAL, p REAL, p_holm REAL, campaign_mark INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL,
  json TEXT NOT NULL, judged TEXT NOT NULL, PRIMARY KEY (owner, claim, tier)) WITHOUT ROWID;

-- What a claim's rows said before Holm's correction (bytes of one program), or that a figure's columns are derived ("figure:<id>").
-- basis: a digest of all that it depends on; another basis, another judgement.
CREATE TABLE IF NOT EXISTS judged (
  owner TEXT NOT NULL, claim TEXT NOT NULL, tier INTEGER NOT NULL, basis TEXT NOT NULL, evidence BLOB NOT NULL,
  PRIMARY KEY (owner, claim, tier)) WITHOUT ROWID;

-- Derived columns, written back when judging: user is "claim:<id>" or "figure:<id>"; one value per row of the cell.
CREATE TABLE IF NOT EXISTS derived (
  owner TEXT NOT NULL, user TEXT NOT NULL, cell INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE, name TEXT NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (owner, user, cell, name)) WITHOUT ROWID;

-- Google Benchmark's JSON of the last `bench` runs.
CREATE TABLE IF NOT EXISTS benchmark (owner TEXT NOT NULL, finished TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (owner, finished)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS member_key ON member(key);
