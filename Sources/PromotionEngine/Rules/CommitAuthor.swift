internal import WorkflowModel

extension People {
    /// True when a commit's author, `NAME <MAIL>`, is that person: by a known address, or by the subject id itself.
    func isAuthor(_ author: String, _ subject: String) -> Bool {
        guard let open = author.lastIndex(of: "<"), let close = author.lastIndex(of: ">"), open < close else {
            return author == subject
        }
        let mail = String(author[author.index(after: open)..<close])
        if mail == subject { return true }
        if let person = people[subject] { return person.emails.contains(mail) }
        return mail.split(separator: "@").first.map(String.init) == subject
            || author[..<open].trimmingSpaces == subject
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
