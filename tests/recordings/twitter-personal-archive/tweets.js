window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1351100000000000001"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/aaaaaaaaaa",
            "expanded_url": "https://club.example/new",
            "display_url": "club.example/new",
            "indices": [
              "40",
              "63"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "69"
      ],
      "favorite_count": "1",
      "id_str": "1351100000000000001",
      "truncated": false,
      "retweet_count": "2",
      "id": "1351100000000000001",
      "created_at": "Mon Jan 18 09:30:00 +0000 2021",
      "favorited": false,
      "full_text": "Moved our club&#39;s page away from Quillhost https://t.co/aaaaaaaaaa",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1351100000000000002"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "31"
      ],
      "favorite_count": "1",
      "id_str": "1351100000000000002",
      "truncated": false,
      "retweet_count": "2",
      "id": "1351100000000000002",
      "created_at": "Mon Jan 18 09:31:00 +0000 2021",
      "favorited": false,
      "full_text": "@invented_ben not before spring",
      "lang": "en",
      "in_reply_to_status_id": "1351000000000000009",
      "in_reply_to_status_id_str": "1351000000000000009",
      "in_reply_to_user_id": "10",
      "in_reply_to_screen_name": "invented_ben"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "edit": {
          "initialTweetId": "1600000000000000001",
          "editControlInitial": {
            "editTweetIds": [
              "1600000000000000001",
              "1600000000000000002"
            ],
            "editableUntil": "2022-12-06T10:00:00.000Z",
            "editsRemaining": "4",
            "isEditEligible": true
          }
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "26"
      ],
      "favorite_count": "1",
      "id_str": "1600000000000000002",
      "truncated": false,
      "retweet_count": "2",
      "id": "1600000000000000002",
      "created_at": "Tue Dec 06 09:30:00 +0000 2022",
      "favorited": false,
      "full_text": "Corrected, Quillhost it is",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000006"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/cccccccccc",
            "expanded_url": "https://twitter.com/i/web/status/1700000000000000006",
            "display_url": "twitter.com/i/web/status/1…",
            "indices": [
              "275",
              "298"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "69"
      ],
      "favorite_count": "1",
      "id_str": "1700000000000000006",
      "truncated": false,
      "retweet_count": "2",
      "id": "1700000000000000006",
      "created_at": "Sat Sep 02 10:00:00 +0000 2023",
      "favorited": false,
      "full_text": "Why we moved the club's page: Quillhost changed its terms overnight, told nobody, and when we asked the answer was a form &amp; a shrug. https://t.co/bbbbbbbbbb says more. There is more to it than that, and it took us the whole winter to find out. There is more to it than t… https://t.co/cccccccccc",
      "lang": "en"
    }
  }
]