<#import "lib.ftl" as lib>
<#if results.has("compression")>
<@lib.made results.run("compression")/>
<#assign ways = {"not compressed": "none", "`SHARED`": "shared", "`PER_CONNECTION`": "own", "with `windowBits` 12": "window-4096", "zstd": "zstd"}>
| microseconds of a frame |<#list ways?keys as way> ${way} |</#list>
|---|<#list ways as way, name>--:|</#list>
<#list ["128", "512", "4096"] as size>
| ${numbers.grouped(size?number)} bytes, one of many receivers |<#list ways as way, name> ${numbers.text(results.figure("compression." + name + "." + size + ".per-frame-microseconds").median)} |</#list>
| ${numbers.grouped(size?number)} bytes, the only receiver |<#list ways as way, name> ${numbers.text(results.figure("compression." + name + "." + size + ".alone-microseconds").median)} |</#list>
</#list>
<#else>
<@lib.missing "compression"/>
</#if>
