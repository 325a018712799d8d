<#import "lib.ftl" as lib>
<#if results.has("gateway")>
<@lib.made results.run("gateway")/>
| gateway over the server in C | | processor time of a frame | p50 | p99 | frames a second |
|---|---|--:|--:|--:|--:|
<#list lib.gatewayScenarios as name, scenario><#list ["epoll", "io_uring", "c_io_uring"] as io>
<#assign prefix = "gateway." + scenario + "." + io + ".">
<#if results.hasFigure(prefix + "cpu-ratio")>
| ${name} | ${(io == "c_io_uring")?then("the server in C with io_uring", io)} |<#list ["cpu-ratio", "p50-ratio", "p99-ratio", "frames-per-second"] as what> <#if results.hasFigure(prefix + what)><#assign figure = results.figure(prefix + what)>${lib.spread(figure)}<#if lib.bound(figure) != "">, ${lib.bound(figure)}</#if></#if> |</#list>
</#if>
</#list></#list>
<#else>
<@lib.missing "gateway"/>
</#if>
