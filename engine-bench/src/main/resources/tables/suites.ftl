<#import "lib.ftl" as lib>
<#if results.has("suites")>
<@lib.made results.run("suites")/>
| suite | what | a second | smallest to largest | bytes of each |
|---|---|--:|--:|--:|
<#list results.figures("suites.")?filter(figure -> figure.name?ends_with("-per-second")) as figure>
<#assign parts = figure.name?split(".")>
<#assign unit = parts?last?remove_ending("-per-second")>
<#assign line = figure.name?remove_ending("." + parts?last)>
| ${parts[1]} | ${line?remove_beginning("suites." + parts[1] + ".")} | ${numbers.text(figure.median)} ${unit} | ${lib.range(figure)} | ${numbers.text(results.figure(line + ".bytes-per-op").median)} |
</#list>
<#else>
<@lib.missing "suites"/>
</#if>
