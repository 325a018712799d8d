<#import "lib.ftl" as lib>
<#if results.has("fanout")>
<@lib.made results.run("fanout")/>
<#assign contenders = {"Guildhall": "GUILDHALL", "Guildhall, default subscribers": "GUILDHALL_OWN_RING", "a mailbox per recipient": "MAILBOX_PER_RECIPIENT", "a thread per recipient": "THREAD_PER_RECIPIENT", "SubmissionPublisher": "SUBMISSION_PUBLISHER"}>
<#assign sizes = ["10", "100", "1000", "10000", "100000"]>
| deliveries a second, by sessions |<#list sizes as size> ${numbers.grouped(size?number)} |</#list>
|---|<#list sizes as size>--:|</#list>
<#list contenders as name, contender>
| ${name} |<#list sizes as size><#assign score = results.score("fanout", "FanOutBenchmark.fanOut", {"contender": contender, "sessions": size})!-1> ${(score lt 0)?then("", results.millions(score))} |</#list>
</#list>
| bytes allocated by a delivery of Guildhall |<#list sizes as size><#assign bytes = results.bytes("fanout", "FanOutBenchmark.fanOut", {"contender": "GUILDHALL", "sessions": size})!-1> ${(bytes lt 0)?then("", numbers.text(bytes))} |</#list>

<#assign ratio = results.figure("fanout.10000.ratio-vs-thread-per-session")>
At 10,000 sessions that is ${numbers.text(ratio.median)} times as many as the better of a mailbox and a thread per recipient (${lib.range(ratio)}).
<#else>
<@lib.missing "fanout"/>
</#if>
