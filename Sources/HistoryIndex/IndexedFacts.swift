import PromotionEngine

/// What a record is found by.
struct IndexedFacts {
    let service: String?
    let stage: String?
    let version: String?
    let promotion: String?
    /// Everyone whom the record names as acting.
    let people: Set<String>

    init(_ record: LedgerRecord) {
        let json = record.json
        // A freeze of one stage or service is found by it.
        service = (json["service"] ?? json["scope"]?["service"])?.stringValue
        stage = (json["stage"] ?? json["scope"]?["stage"])?.stringValue
        version = json["version"]?.stringValue
        promotion = json["promotion"]?.stringValue
        var people: Set<String> = [record.initiator.id]
        for key in ["requester", "owner"] { if let name = json[key]?.stringValue { people.insert(name) } }
        if case .array(let approvers)? = json["approved_by"] { people.formUnion(approvers.compactMap(\.stringValue)) }
        self.people = people
    }
}
