/// Which time zones there are, for checking the names in files.
public protocol ZoneNames {
    /// Whether the time zone database has a zone of that name.
    func isZone(_ name: String) -> Bool
    /// The names that people use, to suggest one of them; empty where they cannot be listed.
    func zoneNames() -> [String]
}
