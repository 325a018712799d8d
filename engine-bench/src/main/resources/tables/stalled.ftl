<#import "lib.ftl" as lib>
<@lib.figures subcommand="stalled" rows=[
  ["growth of the heap in percent", "stalled.heap-growth-percent"],
  ["99th percentile of the others' latency, with over without", "stalled.p99-ratio"],
  ["90th percentile", "stalled.p90-ratio"]
]/>
