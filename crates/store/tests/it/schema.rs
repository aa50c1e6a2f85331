//! The two schemas are twins.

use std::{collections::BTreeSet, fs, path::Path};

use store::{
    StoreError, Tx,
    sql::{Dialect, all},
};
use testkit::{
    TestStore,
    database::{on_postgres, on_sqlite},
};

/// Table, column, type, whether it may be null, position, and what the house demands of it on this database.
const COLUMNS: Dialect = Dialect {
    sqlite:
        "select t.name, c.name, lower(c.type), case c.\"notnull\" when 1 then 'not null' else 'null' end, c.cid + 1,
            case t.strict when 1 then 'kept' else 'table is not strict' end
        from pragma_table_list t join pragma_table_info(t.name) c
        where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%' and t.name not like '%sqlx%'",
    postgres: "select table_name::text, column_name::text,
            case data_type when 'bigint' then 'integer' when 'boolean' then 'integer' when 'jsonb' then 'text'
                when 'bytea' then 'blob' when 'double precision' then 'real' else data_type::text end,
            case is_nullable when 'NO' then 'not null' else 'null' end,
            ordinal_position::bigint,
            case when data_type <> 'text' or collation_name = 'C' then 'kept' else 'text is not collate \"C\"' end
        from information_schema.columns
        where table_schema = current_schema() and table_name not like '%sqlx%'",
};

/// Table, columns in order, `primary`, `unique` or `plain`, and the condition.
const INDEXES: Dialect = Dialect {
    sqlite: "select t.name,
            (select group_concat(name || case \"desc\" when 1 then ' desc' else '' end, ', ')
                from (select * from pragma_index_xinfo(i.name) where key = 1 order by seqno)),
            case when i.origin = 'pk' then 'primary' when i.\"unique\" = 1 then 'unique' else 'plain' end,
            case i.partial when 1 then
                (select lower(substr(sql, instr(sql, ' where ') + 7)) from sqlite_master m where m.name = i.name)
                else '' end
        from pragma_table_list t join pragma_index_list(t.name) i
        where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%' and t.name not like '%sqlx%'
        union all
        -- The row id itself is the key.
        select t.name, c.name, 'primary', ''
        from pragma_table_list t join pragma_table_info(t.name) c
        where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%' and t.name not like '%sqlx%'
            and c.pk = 1 and not exists (select 1 from pragma_index_list(t.name) i where i.origin = 'pk')",
    postgres: "select t.relname::text,
            (select string_agg(a.attname || case when x.indoption[k.n - 1] & 1 = 1 then ' desc' else '' end, ', ' order by k.n)
                from unnest(x.indkey) with ordinality k (attnum, n)
                join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum),
            case when x.indisprimary then 'primary' when x.indisunique then 'unique' else 'plain' end,
            coalesce(lower(pg_get_expr(x.indpred, x.indrelid)), '')
        from pg_index x join pg_class t on t.oid = x.indrelid
        where t.relnamespace = current_schema()::regnamespace and t.relkind = 'r' and t.relname not like '%sqlx%'",
};

/// Table, column, other table, other column.
const REFERENCES: Dialect = Dialect {
    sqlite: "select t.name, f.\"from\", f.\"table\", f.\"to\"
        from pragma_table_list t join pragma_foreign_key_list(t.name) f where t.schema = 'main'",
    postgres: "select t.relname::text, a.attname::text, u.relname::text, b.attname::text
        from pg_constraint c
        join pg_class t on t.oid = c.conrelid join pg_class u on u.oid = c.confrelid
        cross join unnest(c.conkey, c.confkey) k (mine, theirs)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.mine
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.theirs
        where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace",
};

async fn describe(tx: &mut Tx) -> Result<BTreeSet<String>, StoreError> {
    let mut lines = BTreeSet::new();
    let columns = tx.pick(COLUMNS);
    for (table, column, kind, null, position, rule) in all!(tx, (String, String, String, String, i64, String), columns)?
    {
        assert_eq!(rule, "kept", "{table}.{column}");
        lines.insert(format!("{table}: {position}. {column} {kind} {null}"));
    }
    let indexes = tx.pick(INDEXES);
    for (table, columns, kind, condition) in all!(tx, (String, String, String, String), indexes)? {
        let condition = condition.replace(['(', ')', ';'], "").replace("::text", "");
        lines.insert(format!("{table}: {kind} index ({columns}) {}", condition.trim()));
    }
    let references = tx.pick(REFERENCES);
    for (table, column, other, key) in all!(tx, (String, String, String, String), references)? {
        lines.insert(format!("{table}: {column} references {other} ({key})"));
    }
    Ok(lines)
}

async fn described(db: TestStore) -> BTreeSet<String> {
    db.reader.read(async |tx| describe(tx).await).await.unwrap()
}

#[test]
fn both_databases_get_the_same_schema() {
    let (mut sqlite, mut postgres) = (BTreeSet::new(), BTreeSet::new());
    on_sqlite(async |db| sqlite = described(db).await);
    on_postgres(async |db| postgres = described(db).await);
    assert!(sqlite.len() > 100, "{sqlite:#?}");
    let (only_sqlite, only_postgres): (Vec<_>, Vec<_>) =
        (sqlite.difference(&postgres).collect(), postgres.difference(&sqlite).collect());
    assert!(only_sqlite.is_empty() && only_postgres.is_empty(), "{only_sqlite:#?} {only_postgres:#?}");
}

#[test]
fn every_migration_has_a_twin() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert!(names("sqlite").contains("0001_log.sql"));
    assert_eq!(names("sqlite"), names("postgres"));
}
