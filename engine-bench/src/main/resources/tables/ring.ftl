<#import "lib.ftl" as lib>
<@lib.figures subcommand="ring" rows=[
  ["walk with rings over a walk that calls receivers", "ring.100000.ratio-vs-no-ring"],
  ["the same over a walk event by event", "ring.100000.ratio-vs-event-major"],
  ["bytes allocated by a delivery", "ring.100000.bytes-per-delivery"],
  ["with the writing, over a walk that calls receivers", "ring.100000.with-writing.ratio-vs-no-ring"],
  ["with the writing, over event by event", "ring.100000.with-writing.ratio-vs-event-major"],
  ["a resume, microseconds", "resume.microseconds"],
  ["a resume on another lane", "resume.moving.microseconds"],
  ["a resume that replays 128 events", "resume.replay-of-128.microseconds"],
  ["the same beyond writing these", "resume.replay-of-128.microseconds-beyond-writing"]
]/>
