import Expressions
import PromotionEngine
import Testing

@testable import Probes

@Suite struct ResourceHealthTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let object: String
        let status: HealthStatus?
        var message: String? = nil

        var testDescription: String { what }
    }

    @Test(arguments: workloads + pods + jobs + others)
    func followsTheRulesOfItsKind(row: Row) throws {
        let object = ResourceObject(try JSONReading.value(Array(row.object.utf8)))
        let health = HealthRules.assess(object)
        #expect(health?.status == row.status)
        if let message = row.message { #expect(health?.message == message) }
    }

    private static func deployment(_ spec: String, _ status: String, generation: Int = 1, meta: String = "") -> String {
        object("apps/v1", "Deployment", spec, status, generation: generation, meta: meta)
    }

    private static func object(
        _ version: String, _ kind: String, _ spec: String, _ status: String, generation: Int = 1, meta: String = ""
    ) -> String {
        let extra = meta.isEmpty ? "" : ",\(meta)"
        return #"{"apiVersion":"\#(version)","kind":"\#(kind)","metadata":{"name":"web","generation":\#(generation)\#(extra)},"spec":{\#(spec)},"status":{\#(status)}}"#
    }

    private static let good = #""observedGeneration":1,"replicas":3,"updatedReplicas":3,"availableReplicas":3,"readyReplicas":3"#

    static let workloads: [Row] = [
        Row(what: "deployment with all replicas", object: deployment(#""replicas":3"#, good), status: .healthy),
        Row(what: "deployment paused", object: deployment(#""paused":true,"replicas":3"#, good), status: .suspended, message: "Deployment is paused"),
        Row(what: "deployment not observed", object: deployment("", good, generation: 2), status: .progressing),
        Row(
            what: "deployment past its deadline",
            object: deployment("", #"\#(good),"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}]"#),
            status: .degraded, message: "Deployment web exceeded its progress deadline"),
        Row(
            what: "paused is before the deadline",
            object: deployment(#""paused":true"#, #""conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}]"#),
            status: .suspended),
        Row(
            what: "deployment with old pods only", object: deployment(#""replicas":3"#, #""observedGeneration":1,"replicas":3,"updatedReplicas":1"#),
            status: .progressing, message: "1 of 3 new replicas have been updated"),
        Row(
            what: "deployment with surplus pods", object: deployment(#""replicas":3"#, #""observedGeneration":1,"replicas":4,"updatedReplicas":3"#),
            status: .progressing, message: "1 old replicas are pending termination"),
        Row(
            what: "deployment with unavailable pods",
            object: deployment(#""replicas":3"#, #""observedGeneration":1,"replicas":3,"updatedReplicas":3,"availableReplicas":2"#),
            status: .progressing, message: "2 of 3 updated replicas are available"),
        Row(what: "deployment without replicas set", object: deployment("", good), status: .healthy),
        Row(what: "deployment scaled to none", object: deployment(#""replicas":0"#, #""observedGeneration":1"#), status: .healthy),
        Row(
            what: "deployment being deleted",
            object: deployment("", good, meta: #""deletionTimestamp":"2026-01-01T00:00:00Z""#), status: .progressing,
            message: "Pending deletion"),
        Row(
            what: "deletion with a hook's finalizer",
            object: deployment(
                "", good,
                meta: #""deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["argocd.argoproj.io/hook-finalizer"]"#),
            status: .healthy),
        Row(
            what: "an old version of deployments",
            object: object("apps/v1beta1", "Deployment", "", good), status: .unknown),
        Row(what: "stateful set ready", object: object("apps/v1", "StatefulSet", #""replicas":3"#, good + #","updateRevision":"a","currentRevision":"a""#), status: .healthy),
        Row(what: "stateful set never observed", object: object("apps/v1", "StatefulSet", #""replicas":0"#, ""), status: .progressing),
        Row(what: "stateful set not ready", object: object("apps/v1", "StatefulSet", #""replicas":3"#, #""observedGeneration":1,"readyReplicas":2"#), status: .progressing),
        Row(
            what: "stateful set partition open",
            object: object(
                "apps/v1", "StatefulSet",
                #""replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1}}"#,
                #""observedGeneration":1,"readyReplicas":3,"updatedReplicas":1"#),
            status: .progressing),
        Row(
            what: "stateful set rolling without partition ignores revisions",
            object: object(
                "apps/v1", "StatefulSet", #""replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{}}"#,
                #""observedGeneration":1,"readyReplicas":3,"updateRevision":"b","currentRevision":"a""#),
            status: .healthy),
        Row(
            what: "stateful set on delete",
            object: object(
                "apps/v1", "StatefulSet", #""replicas":3,"updateStrategy":{"type":"OnDelete"}"#,
                #""observedGeneration":1,"readyReplicas":3,"updateRevision":"b","currentRevision":"a""#),
            status: .healthy),
        Row(
            what: "stateful set with two revisions",
            object: object(
                "apps/v1", "StatefulSet", #""replicas":3"#,
                #""observedGeneration":1,"readyReplicas":3,"updatedReplicas":1,"updateRevision":"b","currentRevision":"a""#),
            status: .progressing),
        Row(
            what: "daemon set everywhere",
            object: object("apps/v1", "DaemonSet", "", #""observedGeneration":1,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2"#),
            status: .healthy),
        Row(
            what: "daemon set updating",
            object: object("apps/v1", "DaemonSet", "", #""observedGeneration":1,"desiredNumberScheduled":2,"updatedNumberScheduled":1"#),
            status: .progressing),
        Row(
            what: "daemon set unavailable",
            object: object("apps/v1", "DaemonSet", "", #""observedGeneration":1,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1"#),
            status: .progressing),
        Row(
            what: "daemon set on delete",
            object: object("apps/v1", "DaemonSet", #""updateStrategy":{"type":"OnDelete"}"#, #""observedGeneration":1,"desiredNumberScheduled":2"#),
            status: .healthy),
        Row(what: "replica set available", object: object("apps/v1", "ReplicaSet", #""replicas":2"#, #""observedGeneration":1,"availableReplicas":2"#), status: .healthy),
        Row(
            what: "replica set failing",
            object: object("apps/v1", "ReplicaSet", "", #""observedGeneration":1,"conditions":[{"type":"ReplicaFailure","status":"True","message":"quota"}]"#),
            status: .degraded, message: "quota"),
        Row(what: "replica set short", object: object("apps/v1", "ReplicaSet", #""replicas":2"#, #""observedGeneration":1,"availableReplicas":1"#), status: .progressing),
    ]

    private static func pod(_ spec: String, _ status: String, meta: String = "") -> String {
        object("v1", "Pod", spec, status, meta: meta)
    }

    private static let backOff = #""containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}]"#
    private static let always = #""restartPolicy":"Always""#
    private static let never = #""restartPolicy":"Never""#

    static let pods: [Row] = [
        Row(what: "pod pending", object: pod(always, #""phase":"Pending""#), status: .progressing),
        Row(what: "pod that cannot pull", object: pod(always, #""phase":"Pending",\#(backOff)"#), status: .degraded, message: "no such image"),
        Row(what: "pod that cannot pull and never restarts", object: pod(never, #""phase":"Pending",\#(backOff)"#), status: .progressing),
        Row(
            what: "pod told to ignore its policy",
            object: pod(never, #""phase":"Pending",\#(backOff)"#, meta: #""annotations":{"argocd.argoproj.io/ignore-restart-policy":"true"}"#),
            status: .degraded),
        Row(
            what: "a hook's pod keeps its policy",
            object: pod(
                never, #""phase":"Pending",\#(backOff)"#,
                meta: #""annotations":{"argocd.argoproj.io/ignore-restart-policy":"true","argocd.argoproj.io/hook":"PreSync"}"#),
            status: .progressing),
        Row(
            what: "init containers are not looked at while waiting",
            object: pod(always, #""phase":"Pending","initContainerStatuses":[{"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]"#),
            status: .progressing),
        Row(what: "pod done", object: pod(never, #""phase":"Succeeded""#), status: .healthy),
        Row(what: "pod failed with its message", object: pod(never, #""phase":"Failed","message":"evicted""#), status: .degraded, message: "evicted"),
        Row(
            what: "pod out of memory",
            object: pod(never, #""phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]"#),
            status: .degraded, message: "OOMKilled"),
        Row(
            what: "pod with an exit code",
            object: pod(never, #""phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":2}}}]"#),
            status: .degraded, message: "container \"a\" failed with exit code 2"),
        Row(what: "pod ready", object: pod(always, #""phase":"Running","conditions":[{"type":"Ready","status":"True"}]"#), status: .healthy),
        Row(what: "pod starting", object: pod(always, #""phase":"Running","conditions":[{"type":"Ready","status":"False"}]"#), status: .progressing),
        Row(
            what: "pod restarted", object: pod(always, #""phase":"Running","containerStatuses":[{"lastState":{"terminated":{"exitCode":1}}}]"#),
            status: .degraded),
        Row(what: "pod of a task", object: pod(#""restartPolicy":"OnFailure""#, #""phase":"Running""#), status: .progressing),
        Row(what: "pod of no phase", object: pod(always, ""), status: .unknown),
    ]

    static let jobs: [Row] = [
        Row(what: "job running", object: object("batch/v1", "Job", "", #""active":1"#), status: .progressing),
        Row(what: "job complete", object: object("batch/v1", "Job", "", #""conditions":[{"type":"Complete","status":"True"}]"#), status: .healthy),
        Row(what: "job failed", object: object("batch/v1", "Job", "", #""conditions":[{"type":"Failed","status":"False"}]"#), status: .degraded),
        Row(what: "job suspended", object: object("batch/v1", "Job", "", #""conditions":[{"type":"Suspended","status":"True"}]"#), status: .suspended),
        Row(what: "job resumed counts as done", object: object("batch/v1", "Job", "", #""conditions":[{"type":"Suspended","status":"False"}]"#), status: .healthy),
        Row(what: "cron job suspended", object: object("batch/v1", "CronJob", #""suspend":true"#, ""), status: .healthy),
        Row(what: "cron job never scheduled", object: object("batch/v1", "CronJob", "", #""x":1"#), status: .healthy),
        Row(what: "cron job active", object: object("batch/v1", "CronJob", "", #""lastScheduleTime":"2026-01-02T00:00:00Z","active":[{}],"lastSuccessfulTime":"2026-01-01T00:00:00Z""#), status: .healthy),
        Row(what: "cron job whose last run failed", object: object("batch/v1", "CronJob", "", #""lastScheduleTime":"2026-01-02T00:00:00Z","lastSuccessfulTime":"2026-01-01T00:00:00Z""#), status: .degraded),
        Row(what: "cron job well", object: object("batch/v1", "CronJob", "", #""lastScheduleTime":"2026-01-02T00:00:00Z","lastSuccessfulTime":"2026-01-02T00:01:00Z""#), status: .healthy),
        Row(what: "cron job without status", object: #"{"apiVersion":"batch/v1","kind":"CronJob","metadata":{},"spec":{}}"#, status: .progressing),
    ]

    static let others: [Row] = [
        Row(what: "claim bound", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Bound""#), status: .healthy),
        Row(what: "claim pending", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Pending""#), status: .progressing),
        Row(what: "claim lost", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Lost""#), status: .degraded),
        Row(what: "claim of no phase", object: object("v1", "PersistentVolumeClaim", "", ""), status: .unknown),
        Row(what: "service inside", object: object("v1", "Service", #""type":"ClusterIP""#, ""), status: .healthy),
        Row(what: "balancer without address", object: object("v1", "Service", #""type":"LoadBalancer""#, ""), status: .progressing),
        Row(what: "balancer with address", object: object("v1", "Service", #""type":"LoadBalancer""#, #""loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}"#), status: .healthy),
        Row(what: "ingress without address", object: object("networking.k8s.io/v1", "Ingress", "", #""loadBalancer":{}"#), status: .progressing),
        Row(what: "ingress with address", object: object("extensions/v1beta1", "Ingress", "", #""loadBalancer":{"ingress":[{"hostname":"a"}]}"#), status: .healthy),
        Row(what: "autoscaler able", object: object("autoscaling/v2", "HorizontalPodAutoscaler", "", #""conditions":[{"type":"AbleToScale","status":"True"}]"#), status: .healthy),
        Row(what: "autoscaler blind", object: object("autoscaling/v2", "HorizontalPodAutoscaler", "", #""conditions":[{"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"True","reason":"FailedGetResourceMetric"}]"#), status: .degraded),
        Row(what: "autoscaler new", object: object("autoscaling/v2", "HorizontalPodAutoscaler", "", ""), status: .progressing, message: "Waiting to Autoscale"),
        Row(what: "autoscaler of an old version", object: object("autoscaling/v2beta2", "HorizontalPodAutoscaler", "", ""), status: .unknown),
        Row(
            what: "autoscaler of the first version",
            object: object(
                "autoscaling/v1", "HorizontalPodAutoscaler", "", "",
                meta: #""annotations":{"autoscaling.alpha.kubernetes.io/conditions":"[{\"type\":\"ScalingLimited\",\"status\":\"True\"}]"}"#),
            status: .healthy),
        Row(what: "autoscaler of the first version, new", object: object("autoscaling/v1", "HorizontalPodAutoscaler", "", ""), status: .progressing),
        Row(what: "api available", object: object("apiregistration.k8s.io/v1", "APIService", "", #""conditions":[{"type":"Available","status":"True"}]"#), status: .healthy),
        Row(what: "api unavailable", object: object("apiregistration.k8s.io/v1", "APIService", "", #""conditions":[{"type":"Available","status":"False","reason":"MissingEndpoints","message":"none"}]"#), status: .progressing, message: "MissingEndpoints: none"),
        Row(what: "budget short of pods", object: object("policy/v1", "PodDisruptionBudget", "", #""conditions":[{"status":"False","reason":"InsufficientPods"}]"#), status: .healthy),
        Row(what: "budget broken", object: object("policy/v1", "PodDisruptionBudget", "", #""conditions":[{"status":"False","reason":"SyncFailed"}]"#), status: .degraded),
        Row(what: "budget new", object: object("policy/v1", "PodDisruptionBudget", "", ""), status: .progressing),
        Row(what: "workflow done", object: object("argoproj.io/v1alpha1", "Workflow", "", #""phase":"Succeeded""#), status: .healthy),
        Row(what: "workflow failed", object: object("argoproj.io/v1alpha1", "Workflow", "", #""phase":"Error""#), status: .degraded),
        Row(what: "workflow new", object: object("argoproj.io/v1alpha1", "Workflow", "", ""), status: .progressing),
        Row(what: "workflow odd", object: object("argoproj.io/v1alpha1", "Workflow", "", #""phase":"Dancing""#), status: .unknown),
        Row(what: "rollout paused", object: object("argoproj.io/v1alpha1", "Rollout", "", #""observedGeneration":"1","phase":"Paused""#), status: .suspended),
        Row(what: "rollout behind", object: object("argoproj.io/v1alpha1", "Rollout", "", #""observedGeneration":"1","phase":"Healthy""#, generation: 2), status: .progressing),
        Row(what: "rollout degraded", object: object("argoproj.io/v1alpha1", "Rollout", "", #""observedGeneration":"1","phase":"Degraded","message":"aborted""#), status: .degraded, message: "aborted"),
        Row(what: "a kind without a rule", object: object("v1", "ConfigMap", "", ""), status: nil),
        Row(what: "child applications", object: object("argoproj.io/v1alpha1", "Application", "", ""), status: nil),
    ]
}
