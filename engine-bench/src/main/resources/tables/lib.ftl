<#-- What the templates share. A line above a table says where its figures are from. -->
<#macro made run>
`${run.command}` printed on ${run.started?string?keep_before("T")}<#if run.commit??> at commit ${run.commit}</#if>, on ${run.machine.cores} cores (${run.machine.cpu}), JDK ${run.machine.jdk?keep_after_last(" ")?keep_before("+")}, ${run.machine.gc}<#if run.note??>; **${run.note}**</#if>:

</#macro>
<#function range figure>
<#return (figure.samples?size gt 1)?then(numbers.text(figure.min) + " to " + numbers.text(figure.max), "")>
</#function>
<#function spread figure>
<#return numbers.text(figure.median) + (figure.samples?size gt 1)?then(" (" + range(figure) + ")", "")>
</#function>
<#function bound figure>
<#if figure.most??><#return "≤ " + numbers.text(figure.most) + figure.isWithin()?then("", ", **missed**")></#if>
<#if figure.least??><#return "≥ " + numbers.text(figure.least) + figure.isWithin()?then("", ", **missed**")></#if>
<#return "">
</#function>
<#-- Rows of [what it is, figure]. -->
<#macro figures subcommand rows>
<#if results.has(subcommand)>
<@made results.run(subcommand)/>
| | median | smallest to largest | bound |
|---|--:|--:|--:|
<#list rows as row>
<#assign figure = results.figure(row[1])>
| ${row[0]} | ${numbers.text(figure.median)} | ${range(figure)} | ${bound(figure)} |
</#list>
<#else>
<@missing subcommand/>
</#if>
</#macro>
<#macro missing subcommand options="">
Not measured yet: `./guildhall bench ${subcommand}${options} --results engine-bench/results/${subcommand}.json` does it.
</#macro>
<#-- What the servers of bench gateway do. -->
<#assign gatewayScenarios = {"50 events a second to 1,000": "steady", "400 in bursts of 8 to 1,000": "bursts", "as fast as 1,000 read": "max-1000", "as fast as 10,000 read": "max-10000"}>
