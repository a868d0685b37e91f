package io.github.llmcache.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What Redis does in one step. Each script touches keys of one slot only, so that it runs
 * in a cluster as well.
 */
final class Scripts {

	/**
	 * Stores an entry and its request, or neither, whatever there was: whoever is killed
	 * meanwhile leaves no request without an entry. Returns whether there was one.
	 */
	static final byte[] PUT = script("""
			local existed = redis.call('EXISTS', KEYS[1])
			if ARGV[2] == '' then
			  redis.call('UNLINK', KEYS[2])
			end
			for i = 1, 2 do
			  if ARGV[3] ~= '' and ARGV[i] ~= '' then
			    redis.call('SET', KEYS[i], ARGV[i], 'PX', ARGV[3])
			  elseif ARGV[i] ~= '' then
			    redis.call('SET', KEYS[i], ARGV[i])
			  end
			end
			return existed""");

	/**
	 * Appends a part to an entry and replaces its request. What is not an entry of this
	 * format, is the very value that the caller could not read, or had expired when the
	 * part was made, is replaced. Returns 0 if the entry would become too large, 1 if
	 * there was none, 2 if it has changed. Sent again because the connection broke before
	 * the reply was there, it does nothing and returns the same.
	 */
	static final byte[] APPEND = script("""
			local done = redis.call('GET', KEYS[3])
			if done then
			  return tonumber(done)
			end
			local head, part, unreadable = ARGV[1], ARGV[2], ARGV[3]
			local responses, bodies, samples, expires, cost, priced, used, namespace =
			  struct.unpack('>I4I8I8I8I8I4I8I4', string.sub(head, 4))
			local found = 1
			local readable = false
			if redis.call('EXISTS', KEYS[1]) == 1 then
			  found = 2
			  if redis.call('TYPE', KEYS[1]).ok == 'string' then
			    local start = redis.call('GETRANGE', KEYS[1], 0, 54)
			    readable = #start == 55 and string.sub(start, 1, 3) == string.sub(head, 1, 3)
			    if readable and unreadable ~= '' then
			      readable = redis.sha1hex(redis.call('GET', KEYS[1])) ~= unreadable
			    end
			    if readable then
			      local r, b, s, e, c, p, u, n = struct.unpack('>I4I8I8I8I8I4I8I4', string.sub(start, 4))
			      if e < tonumber(ARGV[8]) and e <= tonumber(ARGV[6]) then
			        readable = false
			      else
			        r, b = r + responses, b + bodies
			        if r > tonumber(ARGV[4]) or b > tonumber(ARGV[5]) then
			          return 0
			        end
			        redis.call('SETRANGE', KEYS[1], 3, struct.pack('>I4I8I8I8I8I4I8', r, b, s + samples,
			          math.min(e, expires), c + cost, p + priced, math.max(u, used)))
			        local own = string.sub(head, 52, 55 + namespace)
			        if redis.call('GETRANGE', KEYS[1], 51, 54 + namespace) ~= own then
			          local value = redis.call('GET', KEYS[1])
			          redis.call('SET', KEYS[1], string.sub(value, 1, 51) .. string.sub(head, 52, 59 + namespace)
			            .. string.sub(value, 60 + n), 'KEEPTTL')
			        end
			        redis.call('APPEND', KEYS[1], part)
			        if expires < e then
			          redis.call('PEXPIRE', KEYS[1], ARGV[7])
			        end
			      end
			    end
			  end
			end
			if not readable then
			  redis.call('SET', KEYS[1], head .. part)
			  if ARGV[7] ~= '' then
			    redis.call('PEXPIRE', KEYS[1], ARGV[7])
			  end
			end
			if ARGV[9] == '' then
			  redis.call('DEL', KEYS[2])
			else
			  redis.call('SET', KEYS[2], ARGV[9])
			  local left = redis.call('PTTL', KEYS[1])
			  if left > 0 then
			    redis.call('PEXPIRE', KEYS[2], left)
			  end
			end
			redis.call('SET', KEYS[3], found, 'PX', ARGV[10])
			return found""");

	/**
	 * Records when an entry was last used, unless it has been used since.
	 */
	static final byte[] TOUCH = script("""
			if redis.call('TYPE', KEYS[1]).ok == 'string' then
			  local start = redis.call('GETRANGE', KEYS[1], 0, 50)
			  if #start == 51 and string.sub(start, 1, 3) == ARGV[1]
			      and struct.unpack('>I8', string.sub(start, 44)) < tonumber(ARGV[2]) then
			    redis.call('SETRANGE', KEYS[1], 43, struct.pack('>I8', ARGV[2]))
			  end
			end
			return 0""");

	/**
	 * Adds to counters, to all or none of them: what is no counter is deleted first. Sent
	 * again because the connection broke before the reply was there, it adds nothing.
	 */
	static final byte[] COUNT = script("""
			if not redis.call('SET', KEYS[2], 0, 'NX', 'PX', ARGV[1]) then
			  return 0
			end
			if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then
			  redis.call('DEL', KEYS[1])
			end
			for i = 2, #ARGV, 2 do
			  local sum = redis.call('HGET', KEYS[1], ARGV[i])
			  if sum and (#sum > 18 or not string.match(sum, '^%d+$')) then
			    redis.call('HDEL', KEYS[1], ARGV[i])
			  end
			end
			for i = 2, #ARGV, 2 do
			  redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
			end
			return 0""");

	/**
	 * Takes a lease. One that never ends or is none is nobody's, and one with the
	 * caller's token is the caller's, whose connection broke before the reply was there.
	 */
	static final byte[] ACQUIRE = script("""
			if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
			  return 1
			end
			if redis.call('PTTL', KEYS[1]) == -1 or redis.call('TYPE', KEYS[1]).ok ~= 'string' then
			  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
			  return 1
			end
			if redis.call('GET', KEYS[1]) == ARGV[1] then
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

	/**
	 * For how long Redis remembers what must not be done twice: longer than anybody waits
	 * for a reply, after which nothing is sent again.
	 */
	static final Duration REMEMBERED = Duration.ofMinutes(1);

	private Scripts() {
	}

	/**
	 * Replaces a value by another one, both of which may be none, if it is the expected
	 * one.
	 */
	static final byte[] REPLACE_MARK = script("""
			if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
			  return 0
			end
			if ARGV[2] == '' then
			  redis.call('DEL', KEYS[1])
			else
			  redis.call('SET', KEYS[1], ARGV[2])
			end
			return 1""");

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
