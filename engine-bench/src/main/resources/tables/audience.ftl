<#import "lib.ftl" as lib>
<@lib.figures subcommand="audience" rows=[
  ["all match: time over that of no mask", "audience.full-match-ratio"],
  ["one in a hundred matches: percent saved", "audience.one-percent-saving-percent"],
  ["nine of ten are passive: percent saved", "audience.passive-saving-percent"]
]/>
