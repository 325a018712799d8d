<#import "lib.ftl" as lib>
<#if results.has("compression")>
<@lib.made results.run("compression")/>
<#assign ways = {"not compressed": "none", "`SHARED`": "shared", "`PER_CONNECTION`": "own", "with `windowBits` 12": "window-4096", "zstd": "zstd"}>
| bytes of a frame |<#list ways?keys as way> ${way} |</#list>
|---|<#list ways as way, name>--:|</#list>
<#list ["128", "512", "4096"] as size>
| ${numbers.grouped(size?number)} bytes |<#list ways as way, name> ${numbers.text(results.figure("compression." + name + "." + size + ".bytes").median)} |</#list>
</#list>
<#else>
<@lib.missing "compression"/>
</#if>
