<#import "lib.ftl" as lib>
<#if results.has("rivals")>
<@lib.made results.run("rivals")/>
<#assign rivals = {"Pekko typed": "pekko", "Vert.x event bus": "vertx", "Reactor Sinks": "reactor", "jox channels": "jox", "SubmissionPublisher": "submissionpublisher", "Disruptor, no sessions": "disruptor"}>
| Guildhall's deliveries a second over those of | one topic of 1,000 | of 10,000 | of 100,000 | 1,000 topics of 25 |
|---|--:|--:|--:|--:|
<#list rivals as name, rival><#if results.hasFigure("rivals." + rival + ".1000.ratio")>
| ${name} |<#list ["1000", "10000", "100000", "small"] as scenario><#assign figure = results.figure("rivals." + rival + "." + scenario + ".ratio")> ${lib.spread(figure)}<#if lib.bound(figure) != "">, ${lib.bound(figure)}</#if> |</#list>
</#if></#list>
<#else>
<@lib.missing "rivals"/>
</#if>
