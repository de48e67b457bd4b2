/*
 * load_progress.c - see load_progress.h.
 */
#include "client/load_progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_SECONDS 0.2
#define LINE_SECONDS 5.0

double
ecosys_load_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

const char *
ecosys_load_number(uint64_t number)
{
	static char buffers[4][32];
	static int	next;
	char	   *at = buffers[next++ % 4] + sizeof(buffers[0]) - 1;
	int			digits = 0;

	*at = '\0';
	do
	{
		if (digits > 0 && digits % 3 == 0)
			*--at = ',';
		*--at = (char) ('0' + number % 10);
		number /= 10;
		digits++;
	} while (number > 0);
	return at;
}

void
ecosys_load_progress_open(ecosys_load_progress_state *progress, bool quiet, bool lines)
{
	memset(progress, 0, sizeof(*progress));
	progress->bar = !quiet && isatty(STDERR_FILENO);
	progress->lines = !quiet && !progress->bar && lines;
	progress->started = progress->shown = ecosys_load_now();
}

void
ecosys_load_progress_file(ecosys_load_progress_state *progress, uint64_t file_start)
{
	progress->file_start = file_start;
	progress->file_started = ecosys_load_now();
}

void
ecosys_load_progress_show(ecosys_load_progress_state *progress, const ecosys_load_figures *figures)
{
	double		now;
	double		elapsed;
	double		megabytes = (double) figures->bytes / 1e6;
	char		left[64] = "";
	char		of[64] = "";
	char		line[512];

	if (!progress->bar && !progress->lines)
		return;
	now = ecosys_load_now();
	if (now - progress->shown < (progress->bar ? BAR_SECONDS : LINE_SECONDS))
		return;
	progress->shown = now;
	elapsed = now - progress->started;
	if (figures->file_size > 0 && figures->file_done > 0)
	{
		uint64_t	done = figures->file_done < figures->file_size ? figures->file_done : figures->file_size;
		double		mine = (double) (done > progress->file_start ? done - progress->file_start : 0);

		snprintf(of, sizeof(of), "%3.0f%%  ", 100.0 * (double) done / (double) figures->file_size);
		if (mine > 0)
		{
			double		seconds = (now - progress->file_started) * (double) (figures->file_size - done) / mine;

			if (seconds < 3600)
				snprintf(left, sizeof(left), ", %d:%02d left", (int) seconds / 60, (int) seconds % 60);
			else
				snprintf(left, sizeof(left), ", %.1f hours left", seconds / 3600);
		}
	}
	snprintf(line, sizeof(line), "%.100s: %s%s statements, %.1f MB, %s/s, %.1f MB/s%s%s%s", figures->file, of,
			 ecosys_load_number(figures->statements), megabytes,
			 ecosys_load_number((uint64_t) ((double) figures->statements / elapsed)), megabytes / elapsed,
			 figures->rejected > 0 ? ", rejected " : "",
			 figures->rejected > 0 ? ecosys_load_number(figures->rejected) : "", left);
	if (progress->bar)
		fprintf(stderr, "\r%s\033[K", line);
	else
		fprintf(stderr, "%s\n", line);
	fflush(stderr);
}

void
ecosys_load_progress_clear(ecosys_load_progress_state *progress)
{
	if (progress->bar)
		fputs("\r\033[K", stderr);
}
