<#import "lib.ftl" as lib>
<#if results.has("latency")>
<@lib.made results.run("latency")/>
<#assign contenders = {"Guildhall": "guildhall", "Pekko typed": "pekko", "Vert.x event bus": "vertx", "Reactor Sinks": "reactor", "jox channels": "jox", "SubmissionPublisher": "submissionpublisher"}>
| microseconds until the last of 10,000 has an event | median | 99th percentile |
|---|--:|--:|
<#list contenders as name, contender><#if results.hasFigure("latency.10000." + contender + ".p50-micros")>
| ${name} |<#list ["p50", "p99"] as percentile> ${lib.spread(results.figure("latency.10000." + contender + "." + percentile + "-micros"))} |</#list>
</#if></#list>
<#else>
<@lib.missing "latency"/>
</#if>
