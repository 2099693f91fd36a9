-- For wrk: lua script with one argument, the mean time to think in milliseconds. Reports to the command on standard output.

local think = 0
local sent = 0
local formatted

function init(args)
    think = tonumber(args[1]) or 0
    math.randomseed(4711)
    formatted = wrk.format()
    if think > 0 then
        -- wrk calls this after each answer. The time does not count as latency.
        delay = function() return math.random(0, 2 * think) end
    end
end

-- Called for every request: it counts, so that the command can show progress. wrk ignores SIGPIPE, and would go on after the
-- command was killed.
function request()
    sent = sent + 1
    if sent % 500 == 0 then
        if not io.write("sent ", sent, "\n") or not io.flush() then
            os.exit(1)
        end
    end
    return formatted
end

function done(summary, latency, requests)
    io.write(string.format(
        "result requests=%d micros=%d connect=%d read=%d write=%d timeout=%d status=%d p50=%d p99=%d max=%d\n",
        summary.requests, summary.duration, summary.errors.connect, summary.errors.read, summary.errors.write,
        summary.errors.timeout, summary.errors.status, latency:percentile(50), latency:percentile(99), latency.max))
    io.flush()
end
