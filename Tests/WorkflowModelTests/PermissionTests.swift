import Testing
import WorkflowModel

/// Who may do what, by `permissions` of the groups file.
@Suite struct PermissionTests {
    private static let people = Fixtures.read([
        "groups.yaml": """
            groups: {ops: [olga], web-team: [wanda], release: [rita]}
            permissions:
              - {allow: [promote, approve], groups: [release, service-owner], services: ['web*', api], stages: [dev, 'prod-*']}
              - {allow: [promote, freeze, break-glass], groups: [ops]}
              - {allow: [hold], groups: ['*'], services: [api]}

            """
    ]).rules.people

    struct Case: Sendable {
        var person: String
        var action: Permission.Action
        var service: String?
        var stage: String?
        var isAllowed: Bool
    }

    @Test(arguments: [
        Case(person: "rita", action: .promote, service: "web-shop", stage: "dev", isAllowed: true),
        Case(person: "rita", action: .promote, service: "web-shop", stage: "prod-eu", isAllowed: true),
        Case(person: "rita", action: .promote, service: "web-shop", stage: "prod", isAllowed: false),
        Case(person: "rita", action: .promote, service: "cart", stage: "dev", isAllowed: false),
        Case(person: "wanda", action: .approve, service: "web", stage: "dev", isAllowed: true),
        Case(person: "wanda", action: .adopt, service: "web", stage: "dev", isAllowed: false),
        Case(person: "olga", action: .promote, service: "cart", stage: "prod", isAllowed: true),
        Case(person: "olga", action: .freeze, isAllowed: true),
        Case(person: "rita", action: .freeze, isAllowed: false),
        Case(person: "nobody", action: .hold, service: "api", stage: "dev", isAllowed: true),
        Case(person: "nobody", action: .hold, service: nil, stage: nil, isAllowed: false),
    ])
    func decides(expected: Case) {
        let service = expected.service.map { Service(name: $0, owner: "web-team") }
        let objection = Self.people.objection(to: expected.action, by: expected.person, service: service, stage: expected.stage)
        #expect((objection == nil) == expected.isAllowed)
    }

    @Test func withoutPermissionsEveryoneMayMostThings() {
        let people = People()
        let service = Service(name: "web")
        for action in Permission.Action.allCases {
            let objection = people.objection(to: action, by: "anyone", service: service, stage: "dev")
            #expect((objection != nil) == [.breakGlass, .yank, .pseudonymise].contains(action))
        }
        #expect(people.objection(to: .freeze, by: "anyone", service: nil, stage: nil) != nil)
    }

    @Test(arguments: [
        ("*", "", true), ("a*c", "abbc", true), ("a*c", "abbd", false), ("?", "x", true), ("?", "", false), ("*b*", "abc", true),
        ("**", "x", true), ("a", "a", true), ("a", "ab", false), ("*ab", "aab", true),
    ])
    func patternsFit(pattern: String, name: String, fits: Bool) {
        #expect(NamePattern(pattern).fits(name) == fits)
    }

    @Test func theCalendarIsDecoded() {
        let calendar = Fixtures.read([
            "calendar.yaml": """
                windows:
                  business-hours: {kind: allow, schedule: "0 9 * * MON-FRI", duration: 8h, timezone: Europe/Berlin}
                holidays: [2026-12-25, {date: 2027-01-01, name: New Year}]

                """
        ]).rules.calendar
        #expect(
            calendar.windows == [
                "business-hours": CalendarWindow(
                    kind: .allow, schedule: "0 9 * * MON-FRI", duration: .hours(8), timezone: "Europe/Berlin")
            ])
        #expect(calendar.holidays == [.init(date: "2026-12-25"), .init(date: "2027-01-01", name: "New Year")])
    }
}
