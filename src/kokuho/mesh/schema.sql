-- The database of a rehearsal mesh (SQLite). Tables that only grow are guarded by triggers.

CREATE TABLE organisation (
    id TEXT PRIMARY KEY,
    secret BLOB NOT NULL,            -- of OAuth2, encrypted
    certificate TEXT NOT NULL UNIQUE -- fingerprint of its client certificate
) STRICT;

CREATE TABLE token (
    digest TEXT PRIMARY KEY,         -- of the access token, which is kept nowhere
    organisation TEXT NOT NULL REFERENCES organisation,
    certificate TEXT NOT NULL,       -- fingerprint that it is bound to
    scope TEXT NOT NULL,
    expires INTEGER NOT NULL         -- seconds since 1970
) STRICT;

CREATE TABLE assertion (             -- numbers of client assertions: none is taken twice
    organisation TEXT NOT NULL,
    number TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (organisation, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (               -- numbers of messages: none is taken twice
    sender TEXT NOT NULL,
    number TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (sender, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (                -- integrated addressee (団体内統合宛名)
    id INTEGER PRIMARY KEY,
    municipality TEXT NOT NULL,
    address TEXT NOT NULL,           -- address number (宛名番号)
    number BLOB NOT NULL,            -- generated, of this rehearsal, encrypted
    number_key TEXT NOT NULL UNIQUE, -- pseudonym of the number: none is given twice
    rehearsal INTEGER NOT NULL CHECK (rehearsal = 1),
    UNIQUE (municipality, address)
) STRICT;

CREATE TABLE code (                  -- linkage code (機関別符号): one per person and organisation
    code TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person,
    organisation TEXT NOT NULL REFERENCES organisation,
    UNIQUE (person, organisation)
) STRICT;

CREATE TABLE batch (                 -- what was registered, when and over which message
    id INTEGER PRIMARY KEY,
    municipality TEXT NOT NULL,
    batch TEXT NOT NULL,
    message TEXT NOT NULL,
    occasion TEXT NOT NULL,
    layout TEXT NOT NULL,
    made_at TEXT NOT NULL,
    registered_at TEXT NOT NULL,
    taken INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    refused INTEGER NOT NULL
) STRICT;

CREATE TABLE copy (                  -- copies (副本), every version; a withdrawal is one more version
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person,
    record TEXT NOT NULL,            -- key of the record
    version INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('register', 'withdraw')),
    by_hand INTEGER NOT NULL,
    layout TEXT NOT NULL,
    batch TEXT NOT NULL,
    message TEXT NOT NULL,
    registered_at TEXT NOT NULL,
    content TEXT NOT NULL,           -- digest of what it says
    sealed BLOB NOT NULL,            -- what it says, encrypted
    UNIQUE (person, record, version)
) STRICT;

CREATE TABLE standing (              -- the version of each record that stands
    person INTEGER NOT NULL REFERENCES person,
    record TEXT NOT NULL,
    copy INTEGER NOT NULL REFERENCES copy,
    PRIMARY KEY (person, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE provision (             -- records of provision (情報提供等記録), seven years
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person,
    asked_by TEXT NOT NULL,
    officer TEXT NOT NULL,           -- pseudonymous key of who asked
    reason TEXT NOT NULL,            -- number of the case
    purpose TEXT NOT NULL,
    message TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    items TEXT NOT NULL,             -- names of what was provided, JSON
    dispose_on TEXT NOT NULL         -- first day on which it may be disposed of
) STRICT;
CREATE INDEX provision_of ON provision (person, id);

CREATE TABLE log (                   -- the message log
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    content TEXT NOT NULL,           -- digest of the sealed message
    digest TEXT NOT NULL,
    record TEXT NOT NULL             -- JSON, as exported
) STRICT;
CREATE INDEX log_at ON log (at);
CREATE INDEX log_content ON log (content) WHERE content <> '';

CREATE TABLE seal (
    number INTEGER PRIMARY KEY,
    first INTEGER NOT NULL UNIQUE,
    last INTEGER NOT NULL UNIQUE,
    text TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;

CREATE TABLE stamp (                 -- what the time-stamp service said over a seal
    seal INTEGER PRIMARY KEY REFERENCES seal,
    text TEXT NOT NULL
) STRICT;
