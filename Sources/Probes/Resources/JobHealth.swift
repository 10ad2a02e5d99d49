internal import Expressions
internal import PromotionEngine

enum JobHealth {
    /// The status of the conditions Failed and Complete is not looked at, and a condition Suspended that is not True counts
    /// as an end, as Argo CD has it.
    static func job(_ object: ResourceObject) -> ResourceHealth {
        let message = object.conditions.compactMap { $0["message"]?.text }.last ?? ""
        if object.condition("Failed") != nil {
            return ResourceHealth(.degraded, object.condition("Failed")?["message"]?.text ?? message)
        }
        if object.condition("Suspended")?["status"]?.text == "True" { return ResourceHealth(.suspended, message) }
        guard object.condition("Complete") != nil || object.condition("Suspended") != nil else {
            return ResourceHealth(.progressing, message)
        }
        return ResourceHealth(.healthy, message)
    }

    /// A suspended CronJob is healthy on purpose: it is a setting, not an illness.
    static func cronJob(_ object: ResourceObject) -> ResourceHealth {
        if object.value["spec", "suspend"]?.flag == true { return ResourceHealth(.healthy, "CronJob is suspended") }
        guard let status = object.value["status"] else { return ResourceHealth(.progressing, "CronJob has no status yet") }
        guard let scheduled = status["lastScheduleTime"]?.text else { return ResourceHealth(.healthy, "CronJob was never scheduled") }
        if !(status["active"]?.items.isEmpty ?? true) { return ResourceHealth(.healthy, "a job is running") }
        guard let succeeded = status["lastSuccessfulTime"]?.text else { return ResourceHealth(.healthy, "no job has ended yet") }
        // Both are RFC 3339 in UTC to the second, so their texts are in the order of their times.
        return succeeded < scheduled
            ? ResourceHealth(.degraded, "the job scheduled last did not succeed") : ResourceHealth(.healthy)
    }
}
