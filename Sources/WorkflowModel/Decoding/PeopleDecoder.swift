import YAMLEdit

/// Decodes `groups.yaml` (`design.md` section 5).
struct PeopleDecoder {
    let faults: FaultCollector

    func people(_ root: YAMLNode) -> People {
        guard var reader = MappingReader(root, PeopleSchema.groups, faults) else { return People(path: faults.file.path) }
        let groups = groups(&reader)
        let people = persons(&reader)
        let permissions = reader.items("permissions").map { $0.compactMap { permission($0, groups, people) } }
        reader.finish()
        return People(groups: groups, people: people, permissions: permissions, path: faults.file.path)
    }

    private func permission(
        _ node: YAMLNode, _ groups: [String: [String]], _ people: [String: People.Person]
    ) -> Permission? {
        guard var reader = MappingReader(node, PeopleSchema.permission, faults) else { return nil }
        let actions = required(&reader, "allow").compactMap { faults.choice($0, "an item of `allow`", of: Permission.Action.self) }
        let names = required(&reader, "groups")
        let services = reader.texts("services")
        let stages = reader.texts("stages")
        reader.finish()
        let known = groups.keys.sorted() + people.keys.sorted() + ["service-owner", "*"]
        let members = Set(groups.values.flatMap(\.self))
        for name in names where !known.contains(name.text) && !members.contains(name.text) && !name.text.contains("@") {
            faults.unknown("group", name.text, among: known, at: name.node)
        }
        for (key, list) in [("services", services), ("stages", stages)] where list?.isEmpty == true {
            if let node = reader.key(key) { faults.error("`\(key)` is empty, so this allows nothing", at: node) }
        }
        return Permission(
            actions: Set(actions), groups: names.map(\.text), services: services.map { $0.map(\.text) } ?? ["*"],
            stages: stages.map { $0.map(\.text) } ?? ["*"])
    }

    /// A list that must be there and hold something.
    private func required(_ reader: inout MappingReader, _ key: String) -> [LocatedText] {
        guard reader.key(key) != nil else {
            faults.error("a permission needs `\(key)`", at: reader.node)
            return []
        }
        guard let texts = reader.texts(key) else { return [] }
        if texts.isEmpty, let node = reader.key(key) { faults.error("`\(key)` is empty, so this allows nothing", at: node) }
        return texts
    }

    private func groups(_ reader: inout MappingReader) -> [String: [String]] {
        guard let node = reader.value("groups") else { return [:] }
        guard node.kind == .mapping else {
            faults.error("`groups` must be a map, not \(node.typeInWords)", at: node)
            return [:]
        }
        let entries = node.entriesResolvingMerges()
        let names = Set(entries.compactMap { $0.key.resolved.scalarText })
        var groups: [String: [String]] = [:]
        for entry in entries {
            guard let name = faults.text(entry.key, "a group's name") else { continue }
            let value = entry.value.resolved
            guard value.kind == .sequence else {
                faults.error(
                    "group `\(name.text)` must be a list of subject ids, not \(value.typeInWords)",
                    at: value.isNull ? entry.key : value)
                continue
            }
            let members = value.items.compactMap { faults.text($0, "a member of group `\(name.text)`") }
            for member in members where names.contains(member.text) && member.text != name.text {
                // Members are compared with subject ids only, so a nested group would count for nobody.
                faults.error(
                    "group `\(name.text)` holds the group `\(member.text)`; list its members instead", at: member.node)
            }
            if value.items.isEmpty { faults.warning("group `\(name.text)` has no members", at: entry.key) }
            groups[name.text] = members.map(\.text)
        }
        return groups
    }

    private func persons(_ reader: inout MappingReader) -> [String: People.Person] {
        guard let node = reader.value("people") else { return [:] }
        guard node.kind == .mapping else {
            faults.error("`people` must be a map, not \(node.typeInWords)", at: node)
            return [:]
        }
        var people: [String: People.Person] = [:]
        for entry in node.entriesResolvingMerges() {
            guard let id = faults.text(entry.key, "a subject id"),
                var person = MappingReader(entry.value, PeopleSchema.person, faults, as: "person `\(id.text)`")
            else { continue }
            let name = person.text("name")?.text
            let emails = person.texts("emails") ?? []
            let (sshKeys, gpgKeys) = (person.texts("ssh_keys") ?? [], person.texts("gpg_keys") ?? [])
            for key in sshKeys where !key.text.contains(" AAAA") {
                faults.error("an SSH key is written as in its .pub file: `ssh-ed25519 AAAA...`", at: key.node)
            }
            var accounts: [String: String] = [:]
            for kind in PeopleSchema.forges { accounts[kind] = person.text(kind)?.text }
            person.finish()
            people[id.text] = People.Person(
                id: id.text, name: name, emails: emails.map(\.text), sshKeys: sshKeys.map(\.text), gpgKeys: gpgKeys.map(\.text),
                accounts: accounts)
        }
        return people
    }
}
