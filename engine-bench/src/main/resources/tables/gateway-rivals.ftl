<#import "lib.ftl" as lib>
<#assign rivals = {"Jetty": "jetty", "Vert.x": "vertx", "netty-socketio": "netty-socketio"}>
<#assign measured = results.figures("gateway.")?filter(figure -> figure.name?contains("epoll-over-"))>
<#if (measured?size gt 0)>
<@lib.made results.run("gateway")/>
| the gateway, epoll, over | | processor time of a frame | p50 | p99 | frames a second |
|---|---|--:|--:|--:|--:|
<#list rivals as name, rival><#list lib.gatewayScenarios as what, scenario>
<#assign prefix = "gateway." + scenario + ".epoll-over-" + rival + ".">
<#if results.hasFigure(prefix + "cpu-ratio")>
| ${name} | ${what} |<#list ["cpu-ratio", "p50-ratio", "p99-ratio", "frames-ratio"] as part> <#if results.hasFigure(prefix + part)>${lib.spread(results.figure(prefix + part))}</#if> |</#list>
</#if>
</#list></#list>
<#else>
<@lib.missing subcommand="gateway" options=" --rival jetty,vertx,netty-socketio"/>
</#if>
