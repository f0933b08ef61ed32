/** Which Kafka metrics Prometheus gets. */

export const METRICS_KEY = "jmx.yaml";

/** Kafka's metrics under the names that common dashboards use, such as `kafka_server_…_total`. */
export const METRICS_RULES = `lowercaseOutputName: true
rules:
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*, topic=(.+)><>Count
    name: kafka_$1_$2_$3_total
    type: COUNTER
    labels:
      topic: "$4"
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*><>Count
    name: kafka_$1_$2_$3_total
    type: COUNTER
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)Percent\\w*><>(MeanRate|Value)
    name: kafka_$1_$2_$3_percent
    type: GAUGE
  - pattern: kafka.(\\w+)<type=(.+), name=(.+), topic=(.+), partition=(.+)><>Value
    name: kafka_$1_$2_$3
    type: GAUGE
    labels:
      topic: "$4"
      partition: "$5"
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)><>Value
    name: kafka_$1_$2_$3
    type: GAUGE
  - pattern: kafka.network<type=RequestMetrics, name=TotalTimeMs, request=(Produce|FetchConsumer)><>(\\d+)thPercentile
    name: kafka_network_requestmetrics_totaltimems
    type: GAUGE
    labels:
      request: "$1"
      quantile: "0.$2"
  - pattern: kafka.server<type=raft-metrics><>(.+):
    name: kafka_server_raftmetrics_$1
    type: GAUGE
`;
