<#import "lib.ftl" as lib>
<#if results.has("memory")>
<@lib.made results.run("memory")/>
<#assign counts = ["1000", "100000", "1000000"]>
<#assign kinds = {
  "idle session of code that never blocks (`inline`)": "idle-session-inline",
  "idle session of application code": "idle-session-default",
  "the same, each of a user of its own": "idle-session-of-own-user",
  "idle session of a client, which can resume": "idle-session-resumable",
  "the same with a `SessionListener`": "idle-session-resumable-with-listener",
  "session of a client with 100 events waiting": "stalled-session",
  "one more subscription of a session": "subscription",
  "guild": "guild",
  "guild with a handler": "guild-with-handler"
}>
<#assign counts = counts?filter(count -> results.hasFigure("memory.idle-session-default." + count + ".bytes"))>
| bytes of heap of each, of so many |<#list counts as count> ${numbers.grouped(count?number)} |</#list>
|---|<#list counts as count>--:|</#list>
<#list kinds as name, kind>
| ${name} |<#list counts as count><#assign figure = "memory." + kind + "." + count + ".bytes"> <#if results.hasFigure(figure)>${numbers.text(results.figure(figure).median)}</#if> |</#list>
</#list>
<#else>
<@lib.missing "memory"/>
</#if>
