import GRDB

/// The tables of the index. A migration that was released is never edited; the next one gets the next number.
enum HistoryMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 records and people") { database in
            // Only where a record is and what it is found by: what it says stays in Git.
            try database.create(table: "record") { table in
                table.primaryKey("seq", .integer)
                table.column("segment", .integer).notNull()
                table.column("commit_id", .text).notNull()
                table.column("hash", .text).notNull()
                table.column("at", .integer).notNull()
                table.column("type", .text).notNull()
                table.column("service", .text)
                table.column("stage", .text)
                table.column("version", .text)
                table.column("promotion", .text)
            }
            try database.create(index: "record_service", on: "record", columns: ["service", "stage", "seq"])
            try database.create(index: "record_stage", on: "record", columns: ["stage", "seq"])
            try database.create(index: "record_type", on: "record", columns: ["type", "seq"])
            try database.create(index: "record_at", on: "record", columns: ["at", "seq"])
            try database.create(index: "record_promotion", on: "record", columns: ["promotion", "seq"], condition: Column("promotion") != nil)
            try database.create(table: "person", options: .withoutRowID) { table in
                table.column("name", .text).notNull()
                table.column("seq", .integer).notNull()
                table.primaryKey(["name", "seq"])
            }
        }
        migrator.registerMigration("0002 freezes by their scope") { database in
            // What was indexed before lacks it; all of it is read again.
            try database.execute(sql: "DELETE FROM record; DELETE FROM person")
        }
        return migrator
    }
}
