<#import "lib.ftl" as lib>
<@lib.figures subcommand="rivals" rows=[
  ["a paced publish to 10,000 sessions until the last has it, median, microseconds", "latency.10000.p50-micros"],
  ["the same, 99th percentile", "latency.10000.p99-micros"],
  ["sessions a second that open, subscribe and close", "sessions.open-close-per-second"],
  ["deliveries a second of 8 publishing threads over those of one", "publish.8-threads-ratio"],
  ["an event to 1,000,000 sessions of a guild, milliseconds", "million.fanout-millis"]
]/>
