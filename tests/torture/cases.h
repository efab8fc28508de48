/* SPDX-License-Identifier: MIT */
/* The cases, each a function.  See cases.c. */
#ifndef CASES_H
#define CASES_H

void case_create(void);
void case_create_with_hooks(void);
void case_trace(void);
void case_wait(void);
void case_submit(void);
void case_submit_in_time(void);
void case_submit_many(void);
void case_cancel(void);
void case_flush(void);
void case_futures(void);
void case_futures_in_time(void);
void case_map(void);
void case_map_in_job(void);
void case_map_on_the_spot(void);
void case_as_completed(void);
void case_group_error(void);
void case_group_cancel(void);
void case_typed(void);
void case_nested(void);
void case_exits(void);
void case_retry(void);
void case_keys(void);
void case_pause(void);
void case_adaptive(void);

#endif
