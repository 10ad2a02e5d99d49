import PromotionEngine
import Testing
import WorkflowModel

@Suite struct TrainTicketTests {
    @Test(arguments: [
        ("train-17", 17), ("train-0", 0), ("train", nil), ("train-", nil), ("train-x", nil), ("train-prod-17", nil), ("train--1", nil),
        ("trains-17", nil), ("train-99999999999999999999", nil), ("checkout-prod-17", nil), ("train-１", nil),
    ])
    func onlyItsOwnFormIsATrainsID(_ text: String, _ number: Int?) {
        #expect(TrainTicket.number(in: text) == number)
    }

    @Test func theDigestIsOfTheCombinationWhateverItsOrder() {
        let members = [("api", "1", "a"), ("db", "2", "b")].map { (service: $0.0, version: $0.1, planDigest: $0.2) }
        let digest = TrainDigest.digest(stage: "prod", members: members)
        #expect(TrainDigest.digest(stage: "prod", members: members.reversed()) == digest)
        for other in [("api", "1", "c"), ("api", "2", "a"), ("web", "1", "a")] {
            let changed = [(service: other.0, version: other.1, planDigest: other.2), members[1]]
            #expect(TrainDigest.digest(stage: "prod", members: changed) != digest)
        }
        #expect(TrainDigest.digest(stage: "qa", members: members) != digest)
        #expect(TrainDigest.digest(stage: "prod", members: [members[0]]) != digest)
    }
}
