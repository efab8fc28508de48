/* SPDX-License-Identifier: MIT */
/*
 * Templates for the shell: what is refused, and that a value comes through a
 * real shell as the very bytes it was, whatever they are, and runs nothing.
 */
#include "template.h"

#include "template_support.h"

/* clang-format off */
static const char *const hostile[] = {
	"plain", "", " ", "a b", "  lead and trail  ", "-n", "-e", "--help",
	"$(touch CANARY)", "`touch CANARY`", "; touch CANARY", "| touch CANARY",
	"&& touch CANARY", "& touch CANARY", "\ntouch CANARY\n", "'", "\"",
	"'; touch CANARY; '", "\"; touch CANARY; \"", "'$(touch CANARY)'",
	"a[$(touch CANARY)]", "x=$(touch CANARY)", "$HOME", "${HOME}", "$1",
	"$@", "*", "?", "[a-z]*", "~", "~root", "\\", "\\\\", "\\n", "!", "!!",
	"#x", "{}", "{a,b}", "%s", "%n", "\t", "\r", "<(touch CANARY)",
	"> CANARY", ">CANARY", "\xff\xfe", "\xc3", "\x01\x02\x7f", "\x1b[31m",
	"bpool_value", "$bpool_value", "${bpool_value}", "1;touch CANARY",
	"$((1+1))", "touch CANARY", "eval touch CANARY", "--rcfile=CANARY",
};
/* clang-format on */

/* `shape` with the value in place of each %. */
static void fill(char *to, const char *shape, const char *value)
{
	*to = '\0';
	for (; *shape; shape++) {
		size_t len = strlen(to);

		if (*shape == '%') {
			strcpy(to + len, value);
		} else {
			to[len] = *shape;
			to[len + 1] = '\0';
		}
	}
}

static void bytes_come_through(const char *text, const char *shape)
{
	struct template *t;
	char out[1024], expected[512];

	ck_assert_int_eq(create(text, &t), 0);
	for (size_t i = 0; i < COUNT(hostile) * COUNT(shells); i++) {
		const char *value = hostile[i / 2], *shell = shells[i % 2];
		struct command command;
		size_t len;

		if (access(shell, X_OK) != 0)
			continue;
		ck_assert_int_eq(expand(t, value, &command), 0);
		if (!is_run()) {
			command_fini(&command);
			continue;
		}
		len = shell_run(shell, &command, out, sizeof(out));
		fill(expected, shape, value);
		ck_assert_msg(len == strlen(expected) + 1 &&
				      memcmp(out, expected, len) == 0,
			      "%s with <%s> in %s", text, value, shell);
		ck_assert_msg(!canary_died(), "%s ran <%s>", text, value);
		command_fini(&command);
	}
	template_destroy(t);
}

START_TEST(a_value_comes_through_the_shell_as_its_very_bytes)
{
	bytes_come_through("printf '%s\\0' {}", "%");
	bytes_come_through("printf '%s\\0' \"{}\"", "%");
	bytes_come_through("printf '%s\\0' a{}b", "a%b");
	bytes_come_through("printf '%s\\0' \"x {}\"{}", "x %%");
	bytes_come_through("printf '%s\\0'", "%");
	bytes_come_through("printf '%s\\0' \"$#$*{}\"", "0%");
	bytes_come_through("true && printf '%s\\0' {} # {}", "%");
	bytes_come_through("x={}; printf '%s\\0' \"$x\"", "%");
	bytes_come_through("f() { printf '%s\\0' \"$1\"; }; f {}", "%");
	bytes_come_through("for i in {}; do printf '%s\\0' \"$i\"; done", "%");
	bytes_come_through("set -- 1 2; printf '%s\\0' {}", "%");
	bytes_come_through("sh -c 'printf \"%s\\\\0\" \"$1\"' sh {}", "%");
}
END_TEST

START_TEST(every_byte_comes_through)
{
	struct template *t;
	struct command command;
	char value[256], out[512];

	for (int i = 1; i < 256; i++)
		value[i - 1] = (char)i;
	value[255] = '\0';
	ck_assert_int_eq(create("printf %s {}\"{}\"", &t), 0);
	ck_assert_int_eq(expand(t, value, &command), 0);
	ck_assert_uint_eq(shell_run("/bin/sh", &command, out, sizeof(out)),
			  510);
	ck_assert_mem_eq(out, value, 255);
	ck_assert_mem_eq(out + 255, value, 255);
	command_fini(&command);
	template_destroy(t);
}
END_TEST

/* What is shown, pasted into a shell, does the same. */
START_TEST(what_is_shown_does_the_same)
{
	static const char *const texts[] = { "printf '%s\\0' {}",
					     "printf '%s\\0' \"{}\"",
					     "printf '%s\\0' \"$nothing{}\"",
					     "printf '%s\\0'" };
	char out[512];

	for (size_t i = 0; i < COUNT(texts) * COUNT(hostile); i++) {
		const char *value = hostile[i / COUNT(texts)];
		struct command command, pasted = { 0 };
		struct template *t;
		size_t len;

		ck_assert_int_eq(create(texts[i % COUNT(texts)], &t), 0);
		ck_assert_int_eq(expand(t, value, &command), 0);
		pasted.shell = command.shown;
		len = shell_run("/bin/sh", &pasted, out, sizeof(out));
		ck_assert_uint_eq(len, strlen(value) + 1);
		ck_assert_mem_eq(out, value, len);
		ck_assert(!canary_died());
		command_fini(&command);
		template_destroy(t);
	}
}
END_TEST

/* clang-format off */
static const char *const refused[] = {
	"echo x >& {}.log", "echo x >&\"{}\"", "x={}; echo >&\"$x\"",
	"echo >&1{}", "sh -c - {}", "sh -ec -", "sh -c -e - {}",
	"echo '{}'", "echo 'a {} b'", "echo \"a\"'{}'", "echo `echo {}`",
	"echo \"`echo {}`\"", "echo \"$(echo {})\"", "echo \"$(echo \"{}\")\"",
	"echo $((1 + {}))", "echo \"$(({}))\"", "echo $[{}]", "(({} > 1))",
	"for ((i = 0; i < {}; i++)); do :; done", "cat <<E\n{}\nE",
	"cat <<'E'\n{}\nE", "cat <<-E {}\nE", "cat <<E\nx\nE\necho {}",
	"cat <<< {}", "echo ${x:-{}}", "echo \"${x:-{}}\"", "echo ${}",
	"eval {}", "eval echo {}", "eval \"echo {}\"", "x=1 eval {}",
	"command eval {}", "builtin eval {}", "! eval {}", "true; eval {}",
	"true && eval {}", "true | eval {}", "(eval {})", "{ eval {}; }",
	"if eval {}; then :; fi", "\\eval {}", "'eval' {}", "\"ev\"al {}",
	"echo $(eval {})", "trap {} EXIT", "trap \"{}\" INT", "alias x={}",
	"let {}", "declare {}", "typeset -i x={}", "local {}", "export {}",
	"readonly {}", "unset {}", "read {}", "printf -v {} x", "test -v {}",
	"[ -v {} ]", "[[ {} -eq 1 ]]", "[[ a && {} -gt 1 ]]", "x[{}]=1",
	"[[ -n x && ( {} -gt 1 ) ]]", "[[ -n x && ! ( 1 -eq {} ) && -n y ]]",
	"sh -c {}", "sh -c \"{}\"", "sh -c \"echo {}\"", "bash -c {}",
	"/bin/sh -c {}", "sh -ec {}", "sh -x -c {}", "sh -c -x {}",
	"bash -o pipefail -c {}", "bash -c -o pipefail {}", "env sh -c {}",
	"env X=1 bash -lc {}", "nice -n 5 sh -c {}", "nohup sh -c {}",
	"setsid sh -c {}", "timeout 5 sh -c {}", "sudo sh -c {}",
	"exec sh -c {}", "busybox sh -c {}", "xargs sh -c {}", "dash -c {}",
	"find . -exec sh -c {} \\;", "$SHELL -c {}", "\"$SHELL\" -c {}",
	"su -c {}", "python3 -c {}", "perl -e {}", "perl -e\"{}\"",
	"ruby -e {}", "node --eval={}", "watch {}", "echo $'{}'",
	"echo $'x' {}", "echo $\"x\" {}", "echo \"{}", "echo 'x", "echo $(echo",
	"echo \\", "echo $(case x in x) eval {};; esac)", "echo bpool_value {}",
	/* What the shell makes of a variable or a name. */
	"PS4={}; set -x; :", "RANDOM={}", "OPTIND={}", "HISTCMD={}",
	"for PS4 in {}; do set -x; :; done", "BASH_ENV={} bash -c :",
	"env BASH_ENV={} bash -c :", "export BASH_ENV={}; bash -c :",
	"declare -i n; n={}", "x[0]=1; declare x={}", "local -n r={}",
	"printf -v PS4 %s {}; set -x; :", "printf -vPS4 %s {}",
	"printf -v \"$x\" %s {}", "printf -v PS4[0] %s {}", "jobs -x eval {}",
	"printf {} x", "printf \"{}\" x", "for {} in a; do :; done",
	"select {} in a; do :; done", "function {} { :; }", "{}() { :; }",
	"test -n x -a -v {}", "[ $x {} ]", "wait {}", "enable {}", "fc {}",
	"mapfile -C {} x", "getopts a {}", "compgen {}", "a[{}]=1",
	"echo \"$a[{}]\"", "coproc {}", "alias q=eval; q {}",
	/* Where the words are other ones than they seem. */
	"$nothing eval {}", "$nothing trap {} EXIT", "2>/dev/null trap {} 1",
	"> x trap {} 1", "{fd}>x trap {} 1", "{ </dev/null trap {} 1; }",
	"{</dev/null trap {} 1; }", "true &> x {}", "ev\\\nal {}",
	"echo $\\\n((1 + {}))", "echo \"$\\\n(echo {})\"", "echo \"\\{}\"",
	"time -p eval {}", "time -p -- eval {}", "time -p \\\n -- eval {}",
	"time -p -- [[ 1 -eq {} ]]", "time -f %e eval {}",
	"command -p trap {} 1", "noglob eval {}", "f() { eval {}; }; f", "f() eval {}",
	"function f { trap {} 1; }", "case a in (a) eval {};; esac",
	"case a in a|b) eval {} ;; esac", "if :;then :;fi;eval {}",
	"! trap {} 1", "for x in a; do trap {} 1; done", "true <(eval {})",
	"echo <(eval {}) x", "x=(a {})", "echo @({}|b)", "echo x({})",
	"echo ${x:-'}'} {}", "echo \"${x:-'}\" {} \"'}\"", "echo ${x[{}]}",
	"echo ${ echo {}; }", "echo $(( $(echo 1) + 1 )) {}",
	"((1)) && echo {}", "echo `echo \"` {} \"`", "echo `echo 'a'` {}",
	"echo $(", "echo )", "echo {} )", "( echo {}", "case {} in",
	"case x in x) echo {} )", "[[ -n x && {} == y ]]", "[[ a #]] {}",
	"cat <<<{}", "> #x\n{}", "echo \r {}", "echo \033 {}", "echo \\{}",
	"echo x # {}",
	/* Programs that run a word. */
	"awk {}", "awk -F: {} f", "awk -v x=1 {}", "gawk -e {}", "sed -n {}p f",
	"sed s/x/{}/ f", "sed -i -e {} f", "sed -ne {} f", "env -S {}",
	"env -i -S{}", "env --split-string={}", "perl -M{} -e 1",
	"perl -ne {} f", "perl -lane {} f", "perl -we x -e {}", "php -r {}",
	"lua -e {}", "python3.11 -uc {}", "python3 -Wignore -c {}",
	"node -p {}", "ssh host {}", "ssh -p 22 host ls {}",
	"ssh -o ProxyCommand={} host", "ssh {} ls {}", "sudo ssh host {}",
	"parallel {}", "flock -n l -c {}", "script -qc {} f", "su u -c {}",
	"runuser -c {} u", "sh $x -c {}", "sh \"$x\" {}", "sh {} {}",
	"bash --rcfile x -c {}", "bash -O extglob -c {}", "bash -c -- {}",
	"bash +x -c {}", "sh -c -e -x {}", "sh -{} x", "fish -C {}",
	"csh -f -c {}", "toybox sh -c {}", "docker exec c sh -c {}",
	"sg root {}", "sg - root {}", "sg root -c {}", "sg -c {} root",
	"sudo sg root {}",
	"timeout 5 $SHELL -c {}", "\"$SHELL\" -e -c {}",
	"$SHELL -o errexit -c {}", "$SHELL --norc -c {}", "$SHELL -oc errexit {}",
	"/bin/$x -c {}", "/bin/s? -c {}", "env $SHELL -x -c {}",
	"$SHELL -c -e {}", "bash -oc errexit {}", "dash -ec -oerrexit {}",
	"sh$x -c {}", "ev${x}al {}", "p$x -e {}", "$HOME/p*l -e {}",
	"/bin/s[h] -c {}", "e[v]al {}", "/usr/bin/per[l] -e {}", "e[]v]al {}",
	"e[[:alpha:]]al {}", "e[\"v\"]al {}", "e[v$x {}", "e${x}v]al {}",
	"[e]va[l] {}", "???? {}", "e[=v]al {}", "a[0]=1 eval {}", "a[b[0]]=1 eval {}",
	"a[0]+=[x] eval {}", "a[\"k\"]=[x] eval {}", "a[b[0]]=[x] eval {}",
	"eval x=$(basename {} .c)", "sh -c $(echo {})", "[[ 1 -eq $(echo {}) ]]",
	"awk $(echo {})", "[ -v $(echo {}) ]", "[ $(echo {}) ]", "sh $(echo {})",
	"printf $(echo {})", "env A=$(echo {})",
	"[ $({ cat < {}; } 2>&1) ]", "[ -n $(cat <(echo {})) ]",
	/* A value, or a variable that is empty, in front of what it runs. */
	"{} {}", "{} -v {}", "e{} {}", "command {} {}", "builtin -p {} {}",
	"X=1 {} {}", "$(echo {})", "$a$b eval {}", "command $a eval {}",
	"$a command $b -p $c trap {} 1", "c*d eval {}", "$a* eval {}",
	"sed --in-place=.b {} f", "sed --in-place -- {} f", "awk --file=p {}",
	"sed --line-length {} f", "env --split-string='sh -c' x{}",
	"env --s='sh -c' x{}", "node --require=x -e {}", "node --eval={} x",
	"node --loader -- {}", "bash --rcfile=x -c {}", "sed --expression={} f",
	"sed --in-place=$x {}",
	"e$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$xl {}",
	"env -S 'sh -c' {}", "env {}", "env -i {} x", "env -S'sh -c' {}", "env -iS 'sh -c' {}",
	"{eval,{}}", "{sh,-c} {}", "sh {-c,{}}", "sh {-c,x} {}",
	"echo {a,{}}", "cp {}{,.bak}", "echo {1..3} {}", "nice {sh,-c} {}",
	"e{v,}al {}", "echo {a{b,c}} {}", "sh -c \"$x\" {}",
	/* Nothing can follow, or what follows would be code. */
	"", " ", "# x", "awk", "env -S", "echo >", "echo &", "echo &&",
	"for x in a", "x=1", "echo x\n", "{ echo x; }", "sed", "ssh h ls",
	"if :; then echo; fi", "echo \\", "echo hi #", "echo hi;", "echo hi |",
	"(echo hi)", "cat <<E\nx\nE", "eval", "sh -c", "bash -c --", "trap",
	"python3 -c",
};
/* clang-format on */

/* clang-format off */
static const char *const accepted[] = {
	"echo", "echo {}", "echo \"{}\"", "cd {} && git pull", "{}",
	"{} --help", "cat < {} > /dev/null", "echo x >/dev/null 2>&1 {}",
	"echo $(echo {})", "(cd /; echo {})",
	"if [ -e {} ]; then echo y; else echo n; fi",
	"case {} in a) echo a;; *) echo b;; esac", "echo '$x' {}", "echo \\'{}",
	"echo eval {}", "grep eval {}", "echo a \\\n {}", "X={} env", "sh {}",
	"sh -c 'echo \"$1\"' sh {}", "bash -c 'echo \"$1\"' bash \"{}\"",
	"echo \"$x\" {}", "echo ${x:-y} {}", "echo $((1+1)) {}", "echo a#b {}",
	"echo \"a'b\" {}", "printf %s {}", "test -e {}", "[ {} = x ]",
	"[ {} -eq 1 ]", "while false; do echo {}; done", "echo `date` {}",
	"echo {}|tr a b", "find . -name {}", "git -C {} log -c", "cc -c {}",
	"env X={} true", "env -- {} x", "set -- {}; echo \"$1\"", "echo [{}]", "shift 0; echo",
	"echo \"\\\\{}\"", "find {} -exec ls \\{} \\;",
	"{ echo {}; } 2>/dev/null", "x={}; echo \"$x\"", "X=1 true {}",
	"for i in {} b; do echo $i; done", "case a in {}) :;; *) :;; esac",
	"case {} in\n(a|b) echo 1 ;;\n*) echo 2\nesac", "! test -e {}",
	"f() { echo \"$1\"; }; f {}", "f() ( echo {} )\nf", "echo ${#x} {}",
	"echo $(( (1 + 2) * ${x:-3} )) {}", "echo $(echo $(echo {}))",
	"x=$(case {} in a) echo y;; esac); echo $x", "echo $1 $# $@ {}",
	"[ -n {} ] && [ -d {} ] || echo no", "time -p true {}", "command -v {}",
	"awk 1 {}", "awk -F: '{print $1}' {}",
	"awk -v x={} 'BEGIN { print x }'", "awk -f prog {}", "sed s/a/b/ {}",
	"sed -n 's/a/b/p' {}", "sed -e 1d -e 2d {}", "perl -e 'print @ARGV' {}",
	"sed --sandbox s/x/{}/ f", "perl -i.bak -we 1 {}",
	"python3 -c 'import sys' {}", "python3 tool.py -c {}", "perl {}",

	"sh -- \"$x\" {}", "sh script -c {}", "env -i A=1 printf %s {}",
	"sh -c 'exec \"$@\"' sh echo {}", "xargs -n 1 echo {}",
	"grep -c bash {}", "timeout 5 sleep 0 {}", "trap 'rm x' EXIT; : {}",
	"export A={}; true", "readonly B={}", "echo \"$x{}\"", "echo ~{}",
	"if true; then { echo {}; } fi", "true 2>&1 {}", "true <{} 3>&1",
	"while read x; do echo {}; done <f", "echo {} >&2", "echo a & echo {}",
	"until true; do echo {}; done", "echo \"a\"'b'{}", "echo {}{} x{}y",
	"git rev-parse stash@{0} {}", "echo {a},{b} {} {", "echo '{a,b}' {}",
	"echo {\"a,b\"} {} ..", "stat --format={a} {}",
	"ls [a-c]* {}", "tr [a-z] [A-Z] < {}", "echo x[0] [!a]{} http://[::1]/",
	"a[0]=1; a[1]=[x]; : {}", "[ -n [x] ] || sed s/[a-z]/x/ {}",
	"x=$(basename {} .c) true {}", "cp {} $(dirname {})/b",
	"[ $(wc -l < {}) -gt 3 ]", "printf '%s\\n' $(cat {})",
	"for i in $(ls {}); do echo $i; done", "sed s/a/b/ $(ls {})",
	"$nothing env -- {} {}", "./{} {} || env -- {} {} || {}.x {} || :",
	"sed --in-place=.bak s/a/b/ {}", "sed --in-place=.bak -- s/a/b/ {}",
	"sed --regexp-extended -- s/a/b/ {}", "sed -E --expression=1d {}",
	"curl -fsS {} | wc -c", "gzip -c {} > {}.gz", "tar -cf {}.tar {}",
};
/* clang-format on */

/* These would reach out. */
/* clang-format off */
static const char *const accepted_only[] = {
	"ssh {} uptime", "ssh -p 22 {} uptime", "ssh root@{} uptime",
	"sudo -n rm {}", "docker exec {} ls",	"$SUDO ls {}",
	"node --enable-source-maps -- x.js {}", "node --title=x y.js {}",
	"env --chdir=/tmp ls {}", "$CC --std=c11 -c {}",
	"$EDITOR --wait {}", "$CC -O2 -Wall -c {}", "$CP {} {}.bak",
	"\"$dir/$tool\" {}", "gcc-$version -c {}", "$(which git) -C {} pull",
};
/* clang-format on */

START_TEST(a_template_that_would_run_its_value_is_refused_with_advice)
{
	struct template *t;

	for (size_t i = 0; i < COUNT(refused); i++)
		ck_assert_msg(create(refused[i], &t) == -EINVAL, "accepted: %s",
			      refused[i]);
}
END_TEST

START_TEST(an_everyday_template_is_accepted_and_runs_no_value)
{
	struct template *only;

	for (size_t i = 0; i < COUNT(accepted_only); i++) {
		ck_assert_msg(create(accepted_only[i], &only) == 0,
			      "refused: %s", accepted_only[i]);
		template_destroy(only);
	}
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct template *t;
		char out[65536];

		ck_assert_msg(create(accepted[i], &t) == 0, "refused: %s",
			      accepted[i]);
		/* A value that names a program may run it: {} --help. */
		for (size_t h = 8 + i % 4; accepted[i][0] != '{' && h < 24;
		     h += 4) {
			struct command command;

			if (strstr(accepted[i], "gz") ||
			    strstr(accepted[i], "tar"))
				continue;
			ck_assert_int_eq(expand(t, hostile[h], &command), 0);
			if (is_run())
				shell_run(shells[h / 4 % 2 &&
						 access(shells[1], X_OK) == 0],
					  &command, out, sizeof(out));
			ck_assert_msg(!canary_died(), "%s ran <%s>",
				      accepted[i], hostile[h]);
			command_fini(&command);
		}
		template_destroy(t);
	}
}
END_TEST

int main(void)
{
	int status;

	scratch_enter();
	status = TESTS_RUN(
		"template", a_value_comes_through_the_shell_as_its_very_bytes,
		every_byte_comes_through, what_is_shown_does_the_same,
		a_template_that_would_run_its_value_is_refused_with_advice,
		an_everyday_template_is_accepted_and_runs_no_value);
	scratch_leave();
	return status;
}
