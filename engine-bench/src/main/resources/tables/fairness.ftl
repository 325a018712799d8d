<#import "lib.ftl" as lib>
<@lib.figures subcommand="fairness" rows=[
  ["99th percentile, beside a flooded guild over alone", "fairness.small-guild-p99-ratio"],
  ["the same beside one that is published to at a steady rate", "fairness.steady.small-guild-p99-ratio"],
  ["90th percentile", "fairness.small-guild-p90-ratio"],
  ["median", "fairness.small-guild-p50-ratio"]
]/>
