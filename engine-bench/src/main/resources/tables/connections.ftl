<#import "lib.ftl" as lib>
<@lib.figures subcommand="connections" rows=[
  ["19,000 that read: KiB each before anything is published, in all", "connections.epoll.idle.all-kib"],
  ["of it heap, with the engine's session", "connections.epoll.idle.heap-kib"],
  ["19,000 identified clients: KiB each, in all", "connections.epoll.identified.all-kib"],
  ["of it heap, with the engine's session", "connections.epoll.identified.heap-kib"],
  ["19,000 that read, growth of the heap in percent, over half a minute of publishing", "connections.epoll.idle.heap-growth-percent"],
  ["growth of the process", "connections.epoll.idle.resident-growth-percent"],
  ["17,000 that read nothing: growth of the heap", "connections.epoll.stalled.heap-growth-percent"],
  ["growth of the process", "connections.epoll.stalled.resident-growth-percent"]
]/>
