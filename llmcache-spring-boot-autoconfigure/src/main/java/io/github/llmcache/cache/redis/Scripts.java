package io.github.llmcache.cache.redis;

import java.nio.charset.StandardCharsets;

/**
 * What Redis does in one step. Each script touches one key only, so that it runs in a
 * cluster as well.
 */
final class Scripts {

	/**
	 * Appends a part to an entry. What is not an entry of this format, or is the very
	 * value that the caller could not read, is replaced. Returns 0 if the entry would
	 * become too large, 1 if there was none, 2 if it has changed.
	 */
	static final byte[] APPEND = script("""
			local head, part, unreadable = ARGV[1], ARGV[2], ARGV[3]
			local found = 1
			local readable = false
			local exists = redis.call('EXISTS', KEYS[1]) == 1
			if exists then
			  found = 2
			  if redis.call('TYPE', KEYS[1]).ok == 'string' then
			    local start = redis.call('GETRANGE', KEYS[1], 0, 22)
			    readable = #start == 23 and string.sub(start, 1, 3) == string.sub(head, 1, 3)
			    if readable and unreadable ~= '' then
			      readable = redis.sha1hex(redis.call('GET', KEYS[1])) ~= unreadable
			    end
			    if readable then
			      local responses, bodies, cost = struct.unpack('>I4I8I8', string.sub(start, 4))
			      responses = responses + ARGV[4]
			      bodies = bodies + ARGV[5]
			      if responses > tonumber(ARGV[7]) or bodies > tonumber(ARGV[8]) then
			        return 0
			      end
			      redis.call('SETRANGE', KEYS[1], 3, struct.pack('>I4I8I8', responses, bodies, cost + ARGV[6]))
			      redis.call('APPEND', KEYS[1], part)
			    end
			  end
			end
			if not readable then
			  redis.call('SET', KEYS[1], head .. part)
			end
			if ARGV[9] ~= '' then
			  redis.call('PEXPIRE', KEYS[1], ARGV[9])
			else
			  redis.call('PERSIST', KEYS[1])
			end
			return found""");

	/**
	 * Takes a lease. One that never ends is nobody's.
	 */
	static final byte[] ACQUIRE = script("""
			if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
			  return 1
			end
			if redis.call('PTTL', KEYS[1]) == -1 then
			  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
			  return 1
			end
			return 0""");

	/**
	 * Lets a lease last longer, if it is still the caller's.
	 */
	static final byte[] RENEW = script("""
			if redis.call('GET', KEYS[1]) == ARGV[1] then
			  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
			end
			return 0""");

	/**
	 * Ends a lease, if it is still the caller's.
	 */
	static final byte[] RELEASE = script("""
			if redis.call('GET', KEYS[1]) == ARGV[1] then
			  return redis.call('DEL', KEYS[1])
			end
			return 0""");

	private Scripts() {
	}

	private static byte[] script(String lua) {
		return lua.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Return a number as an argument.
	 */
	static byte[] argument(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
